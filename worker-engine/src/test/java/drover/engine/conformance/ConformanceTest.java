package drover.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Plays every case of {@code cases/*.txt}. With {@code -Dconformance.target=HOST:PORT} against that server instead, which
 * then needs the tree of {@link SiteTree}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {

    private static final Optional<String> OTHER_SERVER =
            Optional.ofNullable(System.getProperty("conformance.target")).filter(target -> !target.isEmpty());

    private Optional<RunningWorker> running = Optional.empty();
    private InetSocketAddress server = new InetSocketAddress(0);

    @BeforeAll
    void start() throws IOException {
        if (OTHER_SERVER.isEmpty()) {
            running = Optional.of(RunningWorker.start());
        }
        server = running.map(RunningWorker::address).orElseGet(() -> Conformance.address(OTHER_SERVER.orElseThrow()));
    }

    @AfterAll
    void stop() throws IOException {
        if (running.isPresent()) {
            running.get().close();
        }
    }

    @TestFactory
    Stream<DynamicTest> the_server_does_what_http_says() throws IOException {
        return Conformance.cases(server).stream()
                .map(each -> DynamicTest.dynamicTest(each.group() + ": " + each, () -> {
                    var verdict = Conformance.play(each, server);

                    assertThat(verdict.faults()).isEmpty();
                    assertThat(running.stream()).allMatch(RunningWorker::isAlive);
                }));
    }

    @Test
    void no_group_of_cases_is_left_out() throws IOException {
        assumeTrue(OTHER_SERVER.isEmpty(), "another server may not know all of it");
        assertThat(Conformance.cases(server)).extracting(Case::group).contains("conditionals", "listing", "auth");
    }

    @Test
    void no_two_cases_have_the_same_name() throws IOException {
        assertThat(Conformance.cases(server))
                .extracting(each -> each.group() + each.name())
                .doesNotHaveDuplicates();
    }
}
