package drover.admin.supervision;

import drover.admin.config.ConfigLoader;
import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.admin.shared.Console;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes {@code lib/worker-engine.aot}, the last step of a build: a worker serves a few thousand requests of every sort and
 * then writes down which classes it loaded and what its code did (JEP 514, JEP 515), so that others start from there and are
 * fast sooner. It is of use to the same Java and the same jar only; another one does without and says so in its log.
 */
public final class Training {

    private static final int ROUNDS = 1500;
    private static final int NEW_CONNECTIONS = 300;
    private static final int LARGE_BYTES = 200_000;
    private static final int LEAVE_SECONDS = 120;

    private final Path distribution;
    private final Path directory;
    private final RunDirectory runDirectory;

    private Training(Path distribution, Path directory) {
        this.distribution = distribution;
        this.directory = directory;
        this.runDirectory = new RunDirectory(directory.resolve("run"));
    }

    /** Its argument is the distribution; exit code 1 if the cache could not be made. */
    public static void main(String... arguments) throws IOException {
        var directory = Files.createTempDirectory("drover-training-");
        var training = new Training(Path.of(arguments[0]).toAbsolutePath(), directory);
        boolean made = training.succeeds();
        training.clear();
        System.exit(made ? 0 : 1);
    }

    private boolean succeeds() {
        try {
            run();
            return true;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            Console.complain("the workers' AOT cache was not made: " + failure);
            return false;
        }
    }

    private void run() throws IOException, InterruptedException {
        var site = Files.createDirectories(directory.resolve("sites/default"));
        Files.writeString(site.resolve("index.html"), "<!doctype html><title>Training</title>" + "<p>text".repeat(500));
        Files.write(site.resolve("large.bin"), new byte[LARGE_BYTES]);
        var log = Files.createDirectories(directory.resolve("log"));
        runDirectory.create();
        var output = new OutputFiles(log, Long.MAX_VALUE, 1);
        var launcher = new Launcher(runDirectory, distribution, output, () -> {});
        var region = Region.create(runDirectory.region(), new RegionLayout(1, 2));
        region.reserve(1);
        var release = new Releases(distribution, runDirectory).of(generation(), properties(), 1);
        var master = launcher.master(List.of("127.0.0.1:0"), 1, /* adopts= */ false);
        var worker = launcher.trainee(release);
        try (var twin = new Twin(runDirectory, output, new RegionReader(region), master, worker)) {
            teach(URI.create("http://127.0.0.1:" + twin.awaitReady() + "/"));
            worker.child().destroy();
            if (!worker.child().waitFor(LEAVE_SECONDS, TimeUnit.SECONDS) || !Files.exists(Launcher.cacheOf(release))) {
                throw new IOException("the worker wrote none: " + Files.readString(output.worker(1)));
            }
        }
    }

    private DroverProperties properties() throws IOException {
        var empty = Files.createFile(directory.resolve("drover.yml"));
        return new ConfigLoader(directory, Map.of())
                .load(List.of(
                        "--config",
                        empty.toString(),
                        "--drover.document-root=" + directory.resolve("sites"),
                        "--drover.log-directory=" + directory.resolve("log")))
                .properties();
    }

    private static Generation generation() {
        return new Generation(
                1,
                Instant.now(),
                "build",
                Generation.Origin.START,
                Releases.bundled(),
                Generation.Verdict.PENDING,
                Optional.empty(),
                "",
                "");
    }

    private static void teach(URI site) throws IOException, InterruptedException {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var page = site.resolve("/");
            var etag = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding())
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
            var large = site.resolve("/large.bin");
            var lesson = List.of(
                    HttpRequest.newBuilder(page).build(),
                    HttpRequest.newBuilder(page)
                            .header("Accept-Encoding", "gzip, br")
                            .build(),
                    HttpRequest.newBuilder(page).header("If-None-Match", etag).build(),
                    HttpRequest.newBuilder(page).HEAD().build(),
                    HttpRequest.newBuilder(large).build(),
                    HttpRequest.newBuilder(large)
                            .header("Range", "bytes=1000-65535")
                            .build(),
                    HttpRequest.newBuilder(site.resolve("/missing")).build());
            for (int round = 0; round < ROUNDS; round++) {
                for (var request : lesson) {
                    client.send(request, BodyHandlers.discarding());
                }
            }
        }
        for (int i = 0; i < NEW_CONNECTIONS; i++) {
            try (var socket = new Socket(site.getHost(), site.getPort())) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }

    /** Nothing stays, also if it went wrong between one process and the next. */
    private void clear() throws IOException {
        Twin.end(runDirectory);
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
