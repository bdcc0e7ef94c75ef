package drover.verify.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Farm;
import drover.verify.fuzz.Printable;
import drover.verify.fuzz.Replies;
import drover.verify.fuzz.Replies.Reply;
import drover.verify.fuzz.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * The same {@link Streams} to Drover and to nginx. Drover never gives more responses, never one to a canary that nginx gives
 * none to, and never a 2xx where nginx says 400; the {@link Exemption}s say where it may, and why.
 */
public final class Differential implements Check {

    private static final int CLIENTS = 8;
    private static final String CANARY = "canary\n";

    private final LongAdder compared = new LongAdder();
    private final LongAdder same = new LongAdder();
    private final Queue<String> malformed = new ConcurrentLinkedQueue<>();
    private final Queue<Compared> faults = new ConcurrentLinkedQueue<>();
    private final Map<Exemption, Integer> exempt = new ConcurrentSkipListMap<>();

    @Override
    public String name() {
        return "differential";
    }

    @Override
    public String rows() {
        return "D2";
    }

    @Override
    public String promise() {
        return "Of the same bytes Drover never answers more than nginx, and never well what nginx calls bad";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        writeFiles(farm);
        var nginx = stage.own(Nginx.start(stage.directory().resolve("nginx"), farm.sites()));
        long seed = Optional.ofNullable(System.getenv("DROVER_FUZZ_SEED"))
                .map(Long::parseLong)
                .orElse(System.nanoTime());
        int streams = stage.size(100_000, 5_000);
        stage.say("sending generated streams to both; DROVER_FUZZ_SEED=" + seed + " sends them again");

        compareAll(farm.address(), nginx.address(), new SplittableRandom(seed), streams);

        findings.exactly("streams", compared.sum(), streams);
        findings.note("of them with the same status codes", Long.toString(same.sum()));
        findings.exactly("streams without valid responses of Drover or a close", malformed.size(), 0);
        judge(stage.home(), findings);
    }

    private static void writeFiles(Farm farm) throws IOException {
        var site = farm.sites().resolve("default");
        Files.writeString(site.resolve("canary.txt"), CANARY);
        Files.writeString(site.resolve("hello.txt"), "hello\n");
        Files.createDirectories(site.resolve("sub"));
        Files.writeString(site.resolve("sub/page.txt"), "page\n");
        Files.createDirectories(farm.sites().resolve("other.test"));
        Files.writeString(farm.sites().resolve("other.test/index.html"), "<!doctype html><title>other</title>\n");
    }

    private void compareAll(InetSocketAddress drover, InetSocketAddress nginx, SplittableRandom random, int streams)
            throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                var own = new Streams(random.split());
                int share = streams * (i + 1) / CLIENTS - streams * i / CLIENTS;
                running.add(clients.submit(() -> {
                    for (int sent = 0; sent < share; sent++) {
                        compare(drover, nginx, own.next());
                    }
                    return 0;
                }));
            }
            for (var client : running) {
                client.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    private void compare(InetSocketAddress drover, InetSocketAddress nginx, byte[] stream) throws IOException {
        var both = play(drover, nginx, stream);
        compared.increment();
        same.add(both.drover().equals(both.nginx()) ? 1 : 0);
        if (both.fault().isEmpty()) {
            return;
        }
        var exemptions = EnumSet.noneOf(Exemption.class);
        if (isFaultWithout(exemptions, both, drover, nginx)) {
            faults.add(both);
        } else {
            exemptions.forEach(exemption -> exempt.merge(exemption, 1, Integer::sum));
        }
    }

    /** Whether a fault is one still when the stream makes no use of any exemption; fills in those that it does use. */
    private boolean isFaultWithout(
            Set<Exemption> exemptions, Compared fault, InetSocketAddress drover, InetSocketAddress nginx)
            throws IOException {
        var left = fault;
        while (left.fault().isPresent()) {
            var next = Exemption.of(left).filter(exemptions::add);
            if (next.isEmpty()) {
                return true;
            }
            left = play(drover, nginx, next.get().without(left.stream()).getBytes(ISO_8859_1));
        }
        return false;
    }

    private Compared play(InetSocketAddress drover, InetSocketAddress nginx, byte[] stream) throws IOException {
        var ours = Wire.exchange(drover, stream, List.of());
        var theirs = Wire.exchange(nginx, stream, List.of());
        boolean mayAnswerHead = new String(stream, ISO_8859_1).contains("HEAD ");
        var replies = Replies.of(ours.bytes(), mayAnswerHead, ours.end() == Wire.End.RESET);
        if (replies.fault().isPresent() || ours.end() == Wire.End.SILENT) {
            malformed.add(replies.fault().orElse("neither a response nor a close") + " " + Printable.of(stream));
        }
        var nginxReplies = NginxReplies.of(theirs.bytes(), new String(stream, ISO_8859_1), CANARY);
        return new Compared(
                new String(stream, ISO_8859_1),
                replies.all().stream().map(Reply::code).toList(),
                nginxReplies.codes(),
                (int) replies.all().stream()
                        .filter(reply -> reply.body().equals(CANARY))
                        .count(),
                nginxReplies.canaries());
    }

    private void judge(Path home, Findings findings) throws IOException {
        exempt.forEach((reason, count) -> findings.note("stated exception: " + reason.why(), Integer.toString(count)));
        findings.exactly("streams that Drover answers more generously than nginx", faults.size(), 0);
        if (!faults.isEmpty() || !malformed.isEmpty()) {
            var file = home.resolve("target/verify/differential.txt");
            Files.createDirectories(file.getParent());
            var lines = faults.stream()
                    .map(fault -> fault.fault().orElseThrow() + " " + fault)
                    .collect(Collectors.joining("\n"));
            Files.writeString(file, lines + "\n" + String.join("\n", malformed) + "\n");
            findings.note("these are in", file.toString());
        }
    }
}
