package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.verify.fuzz.Replies.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {

    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 5\r\n\r\nhello";

    @Test
    void responses_behind_each_other_are_taken_apart() {
        var replies = replies(
                HELLO + "HTTP/1.1 400 Bad Request\r\n" + DATE + "Connection: close\r\nContent-Length: 0\r\n\r\n");

        assertThat(replies.fault()).isEmpty();
        assertThat(replies.all()).containsExactly(new Reply(200, false, "hello"), new Reply(400, true, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + DATE + "\r\n",
                "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 5\r\n\r\nhell",
                "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 5\r\nX : y\r\n\r\nhello",
                "HTTP/1.1 204 No Content\r\n" + DATE + "Content-Length: 0\r\n\r\n",
                HELLO + "!"
            })
    void what_is_no_response_is_a_fault(String bytes) {
        assertThat(replies(bytes).fault()).isPresent();
    }

    @Test
    void an_answer_to_head_has_a_length_and_no_body() {
        var head = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 5\r\n\r\n";

        var replies = Replies.of((head + HELLO).getBytes(ISO_8859_1), /* mayAnswerHead= */ true, /* cut= */ false);

        assertThat(replies.fault()).isEmpty();
        assertThat(replies.all()).containsExactly(new Reply(200, false, ""), new Reply(200, false, "hello"));
    }

    private static Replies replies(String bytes) {
        return Replies.of(bytes.getBytes(ISO_8859_1), /* mayAnswerHead= */ false, /* cut= */ false);
    }
}
