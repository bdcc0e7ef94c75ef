package drover.admin.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import drover.admin.shared.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Streams whose requests fail before Spring answers them: their emitters are never initialized and tell nobody of an end. */
class StreamsTest {

    private final Streams streams = new Streams();

    @BeforeEach
    void start() {
        streams.start();
    }

    @AfterEach
    void stop() {
        streams.stop();
    }

    @Test
    void there_are_fifty_and_no_more() {
        openFifty(StreamsTest::untilInterrupted);

        assertThatThrownBy(() -> open(StreamsTest::untilInterrupted))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("50 dashboards and logs are being watched already");
    }

    @Test
    void one_that_can_send_no_more_gives_its_place_back() {
        openFifty(client -> {
            client.complete();
            client.send("refused, as it is complete");
        });

        assertFiftyMoreAreLetIn();
    }

    @Test
    void one_that_is_ended_gives_its_place_back() {
        Streams.Source source = StreamsTest::untilInterrupted;
        openFifty(source);
        streams.end(source);

        assertFiftyMoreAreLetIn();
    }

    @Test
    void the_head_is_sent_before_anything_else() {
        var response = new MockHttpServletResponse();
        open(StreamsTest::untilInterrupted, response);

        assertThat(response.isCommitted()).isTrue();
        assertThat(response.getContentType()).isEqualTo("text/event-stream;charset=UTF-8");
    }

    private void assertFiftyMoreAreLetIn() {
        for (int i = 0; i < 50; i++) {
            await().ignoreExceptionsInstanceOf(Refusal.class)
                    .untilAsserted(() ->
                            assertThat(open(StreamsTest::untilInterrupted)).isNotNull());
        }
    }

    private void openFifty(Streams.Source source) {
        IntStream.range(0, 50).forEach(_ -> open(source));
    }

    private SseEmitter open(Streams.Source source) {
        return open(source, new MockHttpServletResponse());
    }

    private SseEmitter open(Streams.Source source, MockHttpServletResponse response) {
        try {
            return streams.open(new MockHttpServletRequest(), response, source);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void untilInterrupted(SseEmitter client) throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
