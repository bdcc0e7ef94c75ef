package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever has neither a password nor a session, and guesses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuessingIT {

    /** So few from one address that each password is compared, and none refused unseen. */
    private static final int GUESSES_OF_AN_ADDRESS = 5;

    private static final List<String> USERS = List.of("admin", "administrator", "root", "operator", "drover");

    /** What stands at the top of every list of passwords that were found. */
    private static final List<String> PASSWORDS = List.of(
            "123456",
            "password",
            "123456789",
            "12345678",
            "qwerty",
            "qwerty123",
            "111111",
            "abc123",
            "password1",
            "iloveyou",
            "admin",
            "admin123",
            "letmein",
            "welcome",
            "changeme",
            "secret",
            "P@ssw0rd",
            "root",
            "drover",
            "");

    private static final int FORGED = 1000;

    private RunningDrover drover;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    @Test
    void a_hundred_common_pairs_are_all_wrong_and_the_owner_comes_in_from_elsewhere() throws Exception {
        var pairs = USERS.stream()
                .flatMap(user -> PASSWORDS.stream().map(password -> List.of(user, password)))
                .toList();

        var statuses = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int pair = 0; pair < pairs.size(); pair++) {
                var guess = pairs.get(pair);
                var from = new ApiClient(drover, "127.1.0." + (pair / GUESSES_OF_AN_ADDRESS + 1));
                statuses.add(threads.submit(
                        () -> from.login(guess.getFirst(), guess.getLast()).statusCode()));
            }
        }

        assertThat(pairs).hasSize(100);
        for (var status : statuses) {
            assertThat(status.get()).isEqualTo(401);
        }
        var owner = new ApiClient(drover, "127.2.0.1");
        assertThat(owner.login("admin", RunningDrover.PASSWORD).statusCode()).isEqualTo(204);
        assertThat(owner.get("/api/v1/status").statusCode()).isEqualTo(200);
    }

    @Test
    void a_thousand_session_ids_that_were_not_given_out_open_nothing() throws Exception {
        var owner = ApiClient.signedIn(drover);
        var real = owner.cookie("JSESSIONID");
        var random = new Random(1);
        var forged = Stream.concat(
                        IntStream.range(0, FORGED / 2).mapToObj(_ -> anyId(random)),
                        IntStream.range(0, FORGED / 2).mapToObj(_ -> nearTo(real, random)))
                .toList();

        try (var http = HttpClient.newHttpClient()) {
            for (var id : forged) {
                assertThat(statusWith(http, id)).as(id).isEqualTo(401);
            }
            assertThat(statusWith(http, real)).isEqualTo(200);
        }
    }

    private static String anyId(Random random) {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /** One that differs from a real one in a single digit. */
    private static String nearTo(String real, Random random) {
        int at = random.nextInt(real.length());
        int digit = (Character.digit(real.charAt(at), 16) + 1 + random.nextInt(15)) % 16;
        return real.substring(0, at) + HexFormat.of().withUpperCase().toLowHexDigit(digit) + real.substring(at + 1);
    }

    private int statusWith(HttpClient http, String sessionId) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(drover.dashboard("/api/v1/status"))
                .header("Cookie", "JSESSIONID=" + sessionId)
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }
}
