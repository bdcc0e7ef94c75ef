package drover.engine.vhost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From a host's name to its site, one of 1,000. */
@State(Scope.Thread)
public class HostTableBenchmark {

    private static final int SITES = 1000;

    private final byte[] known = "Site-617.example.org".getBytes(US_ASCII);
    private final byte[] unknown = "site-617.example.com".getBytes(US_ASCII);
    private final HostTable table = table();

    private static HostTable table() {
        var sites = new HashMap<String, Site>();
        for (int i = 0; i < SITES; i++) {
            var name = "site-" + i + ".example.org";
            sites.put(name, new Site(name, Path.of("/srv", name)));
        }
        return new HostTable(sites);
    }

    @Benchmark
    public Optional<Site> known() {
        return table.find(known, 0, known.length);
    }

    @Benchmark
    public Optional<Site> unknown() {
        return table.find(unknown, 0, unknown.length);
    }
}
