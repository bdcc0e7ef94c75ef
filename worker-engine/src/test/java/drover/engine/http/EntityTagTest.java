package drover.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {

    @Test
    void a_tag_is_read_as_it_is_sent() {
        for (var text : new String[] {"\"a\"", "W/\"a\"", "\"\"", "\"a,b\"", "\"\\\"", "\"\u00e9\""}) {
            assertThat(EntityTag.parse(text).orElseThrow()).as(text).hasToString(text);
        }
    }

    @Test
    void a_list_may_have_blanks_and_empty_elements() {
        var tags = EntityTag.parseList(" , \"a\" ,W/\"b\",,\t\"c,d\",");

        assertThat(tags)
                .containsExactly(new EntityTag("a", false), new EntityTag("b", true), new EntityTag("c,d", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "\"",
                "\"a",
                "a\"",
                "W/",
                "W/a",
                "w/\"a\"",
                "W/ \"a\"",
                "\"a\" \"b\"",
                "\"a\"\"b\"",
                "\"a b\"",
                "\"a\", b",
                "\"a\", *",
                "*"
            })
    void a_list_that_is_malformed_anywhere_is_empty(String text) {
        assertThat(EntityTag.parseList(text)).isEmpty();
        assertThat(EntityTag.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\", \"b\"", ",\"a\"", "\"a\","})
    void one_tag_is_no_list(String text) {
        assertThat(EntityTag.parse(text)).isEmpty();
    }

    /** The table of RFC 9110 §8.8.3.2. */
    @ParameterizedTest
    @CsvSource({
        "W/1, W/1, false, true", //
        "W/1, W/2, false, false",
        "W/1,   1, false, true",
        "  1,   1, true,  true",
        "  1,   2, false, false"
    })
    void tags_are_compared_strongly_or_weakly(String left, String right, boolean strongly, boolean weakly) {
        assertThat(tag(left).isStronglyEqual(tag(right))).isEqualTo(strongly);
        assertThat(tag(left).isWeaklyEqual(tag(right))).isEqualTo(weakly);
    }

    private static EntityTag tag(String text) {
        return new EntityTag(text.substring(text.length() - 1), text.startsWith("W/"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "\"a\",     true",
                "\"b\",     false",
                "W/\"a\",   false",
                "\"a\"x,    false",
                "\"a\"\"a\", false",
                "a,         false",
                "\"\",      false",
                "'',        false",
            })
    void a_tag_is_told_from_the_bytes_of_a_field(String field, boolean expected) {
        var bytes = ("Name: " + field + "\r\n").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(new EntityTag("a", false).isAll(bytes, 6, 6 + field.length()))
                .isEqualTo(expected);
        assertThat(new EntityTag("a", true).isAll(bytes, 6, 6 + field.length())).isEqualTo(field.equals("W/\"a\""));
    }
}
