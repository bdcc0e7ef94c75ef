package drover.engine.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.EntityTag;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepresentationTest {

    private static final Instant CHANGED = Instant.parse("2026-11-23T08:00:00.123456789Z");
    private static final Instant MODIFIED = Instant.parse("2026-11-22T08:00:00.123456789Z");
    private static final Instant NOW = CHANGED.plusSeconds(60);

    @Test
    void any_difference_is_another_tag() {
        var identities = List.of(
                new Identity(0100644, 5, FileTime.from(MODIFIED), FileTime.from(CHANGED), 1, 2),
                new Identity(0100644, 6, FileTime.from(MODIFIED), FileTime.from(CHANGED), 1, 2),
                new Identity(0100644, 5, FileTime.from(MODIFIED.plusNanos(1)), FileTime.from(CHANGED), 1, 2),
                new Identity(0100644, 5, FileTime.from(MODIFIED), FileTime.from(CHANGED.plusNanos(1)), 1, 2),
                new Identity(0100644, 5, FileTime.from(MODIFIED), FileTime.from(CHANGED), 2, 2),
                new Identity(0100644, 5, FileTime.from(MODIFIED), FileTime.from(CHANGED), 1, 3),
                new Identity(0100644, 5, FileTime.from(MODIFIED), FileTime.from(CHANGED), 2, 1));

        var tags = new HashSet<EntityTag>();
        for (var identity : identities) {
            tags.add(Representation.of("text/plain", identity, NOW).validators().etag());
        }

        assertThat(tags).hasSameSizeAs(identities).noneMatch(EntityTag::weak);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "1970-01-01T00:00:01.9Z", "1969-07-20T20:17:40Z"})
    void a_time_that_no_file_was_written_at_is_not_told_and_the_tag_relies_on_the_change(String modified) {
        var first = file(Instant.parse(modified), CHANGED);
        var second = file(Instant.parse(modified), CHANGED.plusNanos(1));

        assertThat(first.validators().lastModified()).isEmpty();
        assertThat(text(first)).doesNotContain("Last-Modified").contains("ETag: \"");
        assertThat(second.validators().etag()).isNotEqualTo(first.validators().etag());
    }

    @Test
    void a_file_from_the_future_is_dated_now() {
        var file = file(NOW.plusSeconds(3600), CHANGED);

        assertThat(file.validators().lastModified()).hasValue(NOW.getEpochSecond());
        assertThat(file.seenSecond()).isEqualTo(NOW.getEpochSecond());
        assertThat(text(file)).contains("Last-Modified: Mon, 23 Nov 2026 08:01:00 GMT\r\n");
    }

    @Test
    void a_file_that_may_change_and_keep_its_tag_has_a_weak_one() {
        assertThat(file(MODIFIED, NOW).validators().etag().weak()).isTrue();
        assertThat(file(MODIFIED, NOW.minusNanos(9_999_999)).validators().etag().weak())
                .isTrue();
        assertThat(file(MODIFIED, NOW.minusMillis(10)).validators().etag().weak())
                .isFalse();
        assertThat(file(MODIFIED, NOW.plusSeconds(1)).validators().etag().weak())
                .isFalse(); // a clock was set back: nothing is known, nothing gained by waiting
    }

    private static Representation file(Instant modified, Instant changed) {
        return Representation.of(
                "text/plain", new Identity(0100644, 5, FileTime.from(modified), FileTime.from(changed), 1, 2), NOW);
    }

    private static String text(Representation file) {
        return new String(file.fields(), US_ASCII);
    }
}
