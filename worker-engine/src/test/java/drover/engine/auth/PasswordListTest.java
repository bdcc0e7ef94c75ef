package drover.engine.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.BasicCredentials;
import drover.engine.http.RequestParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordListTest {

    private static final String ABC = "$2a$04$2xMZsE3GkIxx0xFELLzUqutAmuVX3ct44w5RQqP9R.hi9jlNIEQKO"; // secret

    @Test
    void a_user_with_the_right_password_is_admitted_and_nobody_else() {
        var list = PasswordList.of(List.of("anna:" + ABC), line -> {});

        assertThat(list.admits(credentials("anna:secret"))).isTrue();
        assertThat(list.admits(credentials("anna:Secret"))).isFalse();
        assertThat(list.admits(credentials("Anna:secret"))).isFalse();
        assertThat(list.admits(credentials("nobody:secret"))).isFalse();
        assertThat(list.admits(credentials(":secret"))).isFalse();
    }

    @Test
    void lines_that_are_no_users_are_named_and_passed_over() {
        var complaints = new ArrayList<Integer>();
        var list = PasswordList.of(
                List.of("# members", "", "bert:secret", "anna:" + ABC, ":" + ABC, "anna:$2a$04$x", "carl:$apr1$x$y"),
                complaints::add);

        assertThat(complaints).containsExactly(3, 5, 6, 7);
        assertThat(list.admits(credentials("anna:secret"))).isTrue();
        assertThat(list.admits(credentials("bert:secret"))).isFalse();
    }

    @Test
    void an_empty_list_admits_nobody() {
        assertThat(PasswordList.of(List.of(), line -> {}).admits(credentials("anna:secret")))
                .isFalse();
    }

    @Test
    void the_latest_are_remembered_and_their_number_is_bounded() {
        var list = PasswordList.of(List.of("anna:" + ABC), line -> {});
        for (int i = 0; i < 3000; i++) {
            list.remember(new Seal(i, 0, 0, 0), "anna");
        }

        assertThat(list.remembered(new Seal(2999, 0, 0, 0))).contains("anna");
        assertThat(list.remembered(new Seal(3000 - 1024, 0, 0, 0))).contains("anna");
        assertThat(list.remembered(new Seal(2999 - 1024, 0, 0, 0))).isEmpty();
        assertThat(list.remembered(new Seal(1, 0, 0, 0))).isEmpty();
    }

    /** RFC 4231 §4.3. */
    @Test
    void a_seal_is_an_hmac() {
        var message = "what do ya want for nothing?".getBytes(US_ASCII);

        var seal = new Seal.Maker("Jefe".getBytes(US_ASCII)).of(message, 0, message.length);

        var hex = java.util.HexFormat.of()
                .formatHex(ByteBuffer.allocate(32)
                        .putLong(seal.first())
                        .putLong(seal.second())
                        .putLong(seal.third())
                        .putLong(seal.fourth())
                        .array());
        assertThat(hex).isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    static BasicCredentials credentials(String pair) {
        var value = Base64.getEncoder().encodeToString(pair.getBytes(US_ASCII));
        var head = ("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic " + value + "\r\n\r\n").getBytes(US_ASCII);
        var parser = new RequestParser();
        parser.feed(head, 0, head.length);
        return BasicCredentials.of(parser.request()).orElseThrow();
    }
}
