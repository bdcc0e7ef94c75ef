package drover.engine.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All cases, for one server; a program, too: {@code Conformance [HOST:PORT]} plays them and prints the scores. */
final class Conformance {

    private static final List<String> GROUPS = List.of(
            "request-line",
            "methods",
            "targets",
            "host",
            "fields",
            "limits",
            "connection",
            "pipelining",
            "framing",
            "paths",
            "responses");

    /** Conditional and range requests need a validator: these groups are played with a server that sends an ETag. */
    private static final List<String> GROUPS_THAT_NEED_AN_ETAG = List.of("conditionals", "ranges");

    /** What only a server does that knows the sites of {@link SiteTree#SITES}. */
    private static final List<String> GROUPS_OF_CONFIGURED_SITES = List.of("listing", "auth");

    /** A request for a file that nobody may get. */
    private static final String CANARY = "GET /canary.txt HTTP/1.1\\r\\nHost: drover.test\\r\\n\\r\\n";

    private static final String VALIDATED_PATH = "/digits.txt";

    private Conformance() {}

    public static void main(String... arguments) throws IOException {
        if (arguments.length > 0) {
            printScores(address(arguments[0]));
            return;
        }
        try (var running = RunningWorker.start()) {
            printScores(running.address());
        }
    }

    @SuppressWarnings("SystemOut") // a program
    private static void printScores(InetSocketAddress server) throws IOException {
        var scores = new Scores();
        for (var each : cases(server)) {
            scores.add(each, play(each, server));
        }
        System.out.print(scores);
    }

    static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.ofLiteral(hostAndPort.substring(0, colon)),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    static List<Case> cases(InetSocketAddress server) throws IOException {
        var etag = etag(server);
        var values = Map.of("etag", etag, "weak-etag", "W/" + etag, "canary", CANARY);
        var cases = new ArrayList<Case>();
        var groups = new ArrayList<>(GROUPS);
        if (!etag.isEmpty()) {
            groups.addAll(GROUPS_THAT_NEED_AN_ETAG);
        }
        if (knowsConfiguredSites(server)) {
            groups.addAll(GROUPS_OF_CONFIGURED_SITES);
        }
        for (var group : groups) {
            cases.addAll(CaseFile.read(group, name -> values.getOrDefault(name, "")));
        }
        return cases;
    }

    private static boolean knowsConfiguredSites(InetSocketAddress server) throws IOException {
        return Exchange.play(CaseFile.question("secret.test", "/private/"), server).replies().stream()
                .anyMatch(reply -> reply.code() == 401);
    }

    static Verdict play(Case played, InetSocketAddress server) throws IOException {
        return Verdict.on(played, Exchange.play(played, server));
    }

    /** The server's entity tag for the file that conditional requests ask for, or nothing if it sends none. */
    private static String etag(InetSocketAddress server) throws IOException {
        var question = CaseFile.question(VALIDATED_PATH);
        return Exchange.play(question, server).replies().stream()
                .flatMap(reply -> reply.values("ETag").stream())
                .findFirst()
                .orElse("");
    }
}
