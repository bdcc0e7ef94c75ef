package drover.verify.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparedTest {

    @Test
    void fewer_responses_and_other_refusals_are_no_fault() {
        assertThat(compared(List.of(413), List.of(405, 200), 0, 1).fault()).isEmpty();
        assertThat(compared(List.of(501), List.of(400), 0, 0).fault()).isEmpty();
        assertThat(compared(List.of(), List.of(400), 0, 0).fault()).isEmpty();
    }

    @Test
    void more_responses_a_canary_or_a_2xx_for_a_400_is_one() {
        assertThat(compared(List.of(200, 200), List.of(200), 0, 0).fault()).isPresent();
        assertThat(compared(List.of(200), List.of(200), 1, 0).fault()).isPresent();
        assertThat(compared(List.of(204), List.of(400), 0, 0).fault()).isPresent();
    }

    @Test
    void an_exemption_takes_out_what_it_is_about() {
        var stream = "GET / HTTP/1.1\r\nHost:\tdrover.test\t\r\nX: \t\r\n\r\n";

        var exemption = Exemption.of(new Compared(stream, List.of(), List.of(), 0, 0));

        assertThat(exemption).contains(Exemption.TAB_BESIDE_HOST);
        assertThat(exemption.orElseThrow().without(stream))
                .isEqualTo("GET / HTTP/1.1\r\nHost: drover.test \r\nX: \t\r\n\r\n");
        assertThat(Exemption.of(new Compared("GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", List.of(), List.of(), 0, 0)))
                .isEmpty();
    }

    @Test
    void a_second_line_of_a_list_is_exempt_and_one_is_not() {
        var stream = "GET / HTTP/1.1\r\nExpect: x\r\nX-B: b\r\nExpect: 100-continue\r\nHost: a\r\n\r\n";

        assertThat(Exemption.of(new Compared(stream, List.of(), List.of(), 0, 0)))
                .contains(Exemption.REPEATED_LIST);
        assertThat(Exemption.REPEATED_LIST.without(stream)).isEqualTo("GET / HTTP/1.1\r\nX-A: a\r\nHost: a\r\n\r\n");
        assertThat(Exemption.REPEATED_LIST.without(stream.replaceAll("(?i)expect", "If-None-Match")))
                .isEqualTo("GET / HTTP/1.1\r\nX-A: a\r\nHost: a\r\n\r\n");
        var different = stream.replaceFirst("Expect", "If-None-Match");
        assertThat(Exemption.of(new Compared(different, List.of(), List.of(), 0, 0)))
                .isEmpty();
        var two = "GET / HTTP/1.1\r\nExpect: x\r\n\r\nGET / HTTP/1.1\r\nExpect: x\r\n\r\n";
        assertThat(Exemption.of(new Compared(two, List.of(), List.of(), 0, 0))).isEmpty();
    }

    @Test
    void the_asterisk_of_options_is_exempt_and_no_other() {
        var stream = "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n";

        assertThat(Exemption.of(new Compared(stream, List.of(), List.of(), 0, 0)))
                .contains(Exemption.ASTERISK);
        assertThat(Exemption.ASTERISK.without(stream)).isEqualTo("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Exemption.of(new Compared("GET * HTTP/1.1\r\nHost: a\r\n\r\n", List.of(), List.of(), 0, 0)))
                .isEmpty();
    }

    @Test
    void a_body_without_a_head_behind_the_answer_to_head_is_none_of_its_own() {
        var head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n";

        assertThat(nginx("HEAD / HTTP/1.1\r\n\r\nGET / \r\n", head + "hello\n").codes())
                .containsExactly(200, 200);
        assertThat(nginx("GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n", head + "hello\n")
                        .codes())
                .containsExactly(200);
    }

    @Test
    void what_nginx_says_without_a_head_is_a_response_too() {
        var plain = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncanary\n";
        var page = "<html>\r\n<head><title>404 Not Found</title></head>";

        assertThat(nginx(plain)).isEqualTo(new NginxReplies(List.of(200), 1));
        assertThat(nginx(plain + page)).isEqualTo(new NginxReplies(List.of(200, 404), 1));
        assertThat(nginx("hello\n")).isEqualTo(new NginxReplies(List.of(200), 0));
        assertThat(nginx("")).isEqualTo(new NginxReplies(List.of(), 0));
    }

    private static NginxReplies nginx(String bytes) {
        return nginx("GET / HTTP/1.1\r\n", bytes);
    }

    private static NginxReplies nginx(String stream, String bytes) {
        return NginxReplies.of(bytes.getBytes(ISO_8859_1), stream, "canary\n");
    }

    private static Compared compared(List<Integer> drover, List<Integer> nginx, int ours, int theirs) {
        return new Compared("", drover, nginx, ours, theirs);
    }
}
