package drover.engine.respond;

import static java.nio.charset.StandardCharsets.US_ASCII;

import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.Lookup;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.Heads;
import drover.engine.http.Request;
import drover.engine.vhost.Site;
import drover.engine.vhost.VirtualHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a request to its answer, for a file in the cache. */
@State(Scope.Thread)
public class ResponderBenchmark {

    private static final String PAGE = "/docs/guide/getting-started.html";

    /** Before the files were looked at, and stands still: they stay fresh. */
    private final long nanoTime = System.nanoTime();

    private final Request curl = Heads.request(Heads.CURL);
    private final Request browser = Heads.request(Heads.BROWSER);
    private final Path sites = sites();
    private final Responder responder = responder(sites);
    private final InetAddress client = InetAddress.getLoopbackAddress();

    private static Path sites() {
        try {
            var sites = Files.createTempDirectory("drover-benchmark");
            var site = Files.createDirectories(sites.resolve("default"));
            Files.write(site.resolve("1k.bin"), new byte[1024]);
            Files.createDirectories(site.resolve("docs/guide"));
            Files.writeString(site.resolve(PAGE.substring(1)), "A page, as pages go. ".repeat(1000));
            return sites;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Responder responder(Path sites) {
        var cache = new FileCache(64 << 20, 1024);
        var root = new DocumentRoot(cache);
        for (var path : new String[] {"/1k.bin", PAGE}) {
            var site = new Site("default", sites.resolve("default"));
            if (!(root.look(site, path.getBytes(US_ASCII), AcceptEncoding.IDENTITY_ONLY) instanceof Lookup.Found)) {
                throw new IllegalStateException("not found: " + path);
            }
        }
        return new Responder(new VirtualHosts(sites), cache);
    }

    /** Answers that are looks would measure something else. */
    private static Answer file(Answer answer) {
        return (Answer.File) answer;
    }

    @Benchmark
    public Answer curl() {
        return file(responder.answer(curl, client, nanoTime));
    }

    /** From a page and its compressed twin. */
    @Benchmark
    public Answer browser() {
        return file(responder.answer(browser, client, nanoTime));
    }

    @TearDown
    public void removeFiles() throws IOException {
        try (var files = Files.walk(sites)) {
            for (var file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
