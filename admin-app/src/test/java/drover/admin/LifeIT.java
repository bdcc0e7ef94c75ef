package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens when admin comes and goes. */
class LifeIT {

    @Test
    void the_farm_serves_on_without_admin_and_the_next_admin_adopts_it() throws Exception {
        try (var drover = RunningDrover.start()) {
            var master = drover.pids("drover-master");
            var workers = drover.pids("worker-engine");
            var site = drover.site("/");

            RunningDrover.kill(drover.adminPid());
            drover.awaitExit();
            assertThat(ApiClient.fetch(site).statusCode()).isEqualTo(200);
            drover.startAgain();

            assertThat(drover.pids("drover-master")).isEqualTo(master);
            assertThat(drover.pids("worker-engine")).isEqualTo(workers);
            assertThat(drover.site("/")).isEqualTo(site);
            assertThat(ApiClient.fetch(site).statusCode()).isEqualTo(200);
            assertThat(drover.output()).contains("2 of 2 workers up");
        }
    }

    @Test
    void ctrl_c_cuts_no_response_and_leaves_nothing() throws Exception {
        try (var drover = RunningDrover.start()) {
            Files.write(drover.path("sites/default/large"), new byte[4 << 20]);
            var large = drover.site("/large");
            var visitors = IntStream.range(0, 6)
                    .mapToObj(i -> Visitor.who(large, /* keepAlive= */ i % 2 == 0))
                    .toList();
            await().atMost(RunningDrover.PATIENCE)
                    .until(() -> visitors.stream().allMatch(visitor -> visitor.whole() > 5));

            drover.interrupt();
            drover.awaitExit();
            for (var visitor : visitors) {
                visitor.stop();
            }

            assertThat(visitors)
                    .allSatisfy(visitor -> assertThat(visitor.broken()).isEmpty());
            assertThat(drover.left()).isEmpty();
            assertThat(drover.path("run")).doesNotExist();
        }
    }

    @Test
    void status_and_down_need_no_admin() throws Exception {
        try (var drover = RunningDrover.start()) {
            RunningDrover.kill(drover.adminPid());
            drover.awaitExit();

            var status = drover.command("status");
            var down = drover.command("down");
            var afterwards = drover.command("status");

            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output()).contains("admin   down; the farm serves without it", "master  up, pid ");
            assertThat(down.exitCode()).as(down.output()).isZero();
            assertThat(drover.left()).isEmpty();
            assertThat(drover.path("run")).doesNotExist();
            assertThat(afterwards.exitCode()).isEqualTo(1);
            assertThat(afterwards.output()).startsWith("Nothing runs with run-directory ");
        }
    }

    @Test
    void down_stops_admin_and_all_that_it_started_and_what_was_is_remembered() throws Exception {
        try (var drover = RunningDrover.start()) {
            var known = await().atMost(RunningDrover.PATIENCE)
                    .until(() -> firstWithTwoUp(ApiClient.signedIn(drover)), Optional::isPresent)
                    .orElseThrow();
            var down = drover.command("down");

            assertThat(down.exitCode()).as(down.output()).isZero();
            drover.awaitExit();
            assertThat(drover.left()).isEmpty();
            assertThat(drover.path("run")).doesNotExist();
            drover.startAgain();
            var there = "/api/v1/history?step=1&from=%s&to=%d".formatted(known, known.getEpochSecond() + 1);
            assertThat(ApiClient.signedIn(drover)
                            .json(there)
                            .path("columns")
                            .path("workersUp")
                            .toString())
                    .isEqualTo("[2.0]");
        }
    }

    /** The first second of the history in which both workers were up. */
    private static Optional<Instant> firstWithTwoUp(ApiClient api) throws IOException, InterruptedException {
        var history = api.json("/api/v1/history");
        var up = history.path("columns").path("workersUp");
        return IntStream.range(0, up.size())
                .filter(i -> up.path(i).asDouble(0) == 2)
                .mapToObj(i -> Instant.parse(history.path("from").asString()).plusSeconds(i))
                .findFirst();
    }

    @Test
    void a_second_admin_for_the_same_run_directory_is_refused() throws Exception {
        try (var drover = RunningDrover.start()) {
            var second = drover.command("up");

            assertThat(second.exitCode()).isEqualTo(3);
            assertThat(second.output()).contains("already running", "pid " + drover.adminPid());
            assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_worker_that_cannot_start_fails_after_five_crashes_and_says_why() throws Exception {
        try (var drover = RunningDrover.start()) {
            var api = ApiClient.signedIn(drover);
            for (int crash = 0; crash < 5; crash++) {
                var pid = await().atMost(RunningDrover.PATIENCE)
                        .until(
                                () -> api.worker(1).path("pid").asLong(),
                                found -> found > 0
                                        && drover.pids("worker-engine").contains(found));
                RunningDrover.kill(pid);
                int crashes = crash + 1;
                await().atMost(RunningDrover.PATIENCE)
                        .until(() ->
                                api.worker(1).path("restarts").path("crash").asInt() == crashes);
            }

            assertThat(api.worker(1).path("state").asString()).isEqualTo("FAILED");
            assertThat(api.json("/api/v1/status").path("health").path("state").asString())
                    .isEqualTo("degraded");
            assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);

            api.post("/api/v1/workers/1/restart");
            await().atMost(RunningDrover.PATIENCE)
                    .until(() -> api.worker(1).path("state").asString().equals("UP"));
        }
    }

    @Test
    void the_random_first_password_is_shown_once_and_only_once() throws Exception {
        try (var drover = RunningDrover.start("--drover.admin.password-file=")) {
            var password = drover.output()
                    .lines()
                    .filter(line -> line.contains("password"))
                    .map(line -> line.replaceFirst(".* password (\\S+) .*", "$1"))
                    .toList();
            assertThat(password).hasSize(1);
            assertThat(new ApiClient(drover).login(password.getFirst()).statusCode())
                    .isEqualTo(204);

            RunningDrover.kill(drover.adminPid());
            drover.awaitExit();
            drover.startAgain();

            assertThat(drover.output()).doesNotContain("password");
            assertThat(new ApiClient(drover).login(password.getFirst()).statusCode())
                    .isEqualTo(204);
            assertThat(List.of("state/users.json", "log/admin.log"))
                    .allSatisfy(file ->
                            assertThat(Files.readString(drover.path(file))).doesNotContain(password.getFirst()));
        }
    }
}
