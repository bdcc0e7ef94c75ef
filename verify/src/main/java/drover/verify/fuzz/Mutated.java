package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Farm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * Mutated requests over many connections to a farm, several behind each other and in pieces. What is counted are requests that
 * were looked at: answered, or given up when the connection ended in the middle of one; what lies behind a refusal is not.
 *
 * <p>A connection that takes long from its last byte to its end is played again alone in the end, for the machine was busy:
 * the least of several times is its time, and it is more than what the server took.
 */
public final class Mutated implements Check {

    private static final int CLIENTS = 16;
    private static final int MOST_PER_CONNECTION = 12;
    /** What a refused client may still send is read and thrown away up to 64 KiB. */
    private static final int MOST_BYTES = 32 * 1024;

    private static final int REPLAYS = 30;

    private final LongAdder connections = new LongAdder();
    private final LongAdder lookedAt = new LongAdder();
    private final LongAdder resets = new LongAdder();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Played> late = new ConcurrentLinkedQueue<>();

    /** What was sent on a connection. */
    @SuppressWarnings("ArrayRecordComponent") // made for one connection, and never compared
    private record Played(byte[] bytes, List<Integer> pieces) {}

    @Override
    public String name() {
        return "mutated-requests";
    }

    @Override
    public String rows() {
        return "D1";
    }

    @Override
    public String promise() {
        return "Any bytes get valid responses or a close, none in more than 50 ms, and no worker notices";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        writeFiles(farm);
        long seed = Optional.ofNullable(System.getenv("DROVER_FUZZ_SEED"))
                .map(Long::parseLong)
                .orElse(System.nanoTime());
        int requests = stage.size(1_000_000, 20_000);
        stage.say("sending mutated requests; DROVER_FUZZ_SEED=" + seed + " sends them again");

        sendAll(farm.address(), new SplittableRandom(seed), requests);

        findings.atLeast("requests looked at", lookedAt.sum(), requests);
        findings.note("connections", connections.sum() + ", of them reset " + resets.sum());
        judge(stage, findings, "connections without valid responses or a close", faults);
        findings.note("connections over 50 ms, played again alone", Long.toString(late.size()));
        judge(stage, findings, "connections over 50 ms each time of " + REPLAYS, slow(farm.address()));
        alive(farm, findings);
    }

    private static void writeFiles(Farm farm) throws IOException {
        var site = farm.sites().resolve("default");
        Files.writeString(site.resolve("hello.txt"), "hello\n");
        Files.writeString(site.resolve("digits.txt"), "0123456789".repeat(10));
        Files.createDirectories(site.resolve("sub"));
        Files.writeString(site.resolve("sub/page.txt"), "page\n");
        Files.writeString(site.resolve("sub/index.html"), "<!doctype html><title>sub</title>\n");
    }

    private void sendAll(InetSocketAddress server, SplittableRandom random, int requests) throws Exception {
        var seeds = Target.PARSER.seeds();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                var own = random.split();
                running.add(clients.submit(() -> {
                    send(server, new Mutator(seeds, own), own, requests);
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

    private void send(InetSocketAddress server, Mutator mutator, RandomGenerator random, int requests)
            throws IOException {
        while (lookedAt.sum() < requests && faults.size() < 20) {
            var stream = new ByteArrayOutputStream();
            for (int left = 1 + random.nextInt(MOST_PER_CONNECTION); left > 0 && stream.size() < MOST_BYTES; left--) {
                stream.writeBytes(mutator.next());
            }
            var bytes = stream.toByteArray();
            play(server, bytes, pieces(bytes.length, random));
        }
    }

    private static List<Integer> pieces(int length, RandomGenerator random) {
        return random.ints(random.nextInt(4), 0, length + 1).sorted().boxed().toList();
    }

    private void play(InetSocketAddress server, byte[] bytes, List<Integer> pieces) throws IOException {
        var received = Wire.exchange(server, bytes, pieces);
        boolean reset = received.end() == Wire.End.RESET;
        boolean mayAnswerHead = new String(bytes, ISO_8859_1).contains("HEAD ");
        var replies = Replies.of(received.bytes(), mayAnswerHead, reset);
        connections.increment();
        resets.add(reset ? 1 : 0);
        boolean refused = !replies.all().isEmpty() && replies.all().getLast().saysClose();
        lookedAt.add(replies.all().size() + (refused ? 0 : 1));
        replies.fault().ifPresent(fault -> faults.add(fault + ": " + Printable.of(bytes)));
        if (received.end() == Wire.End.SILENT) {
            faults.add("neither a response nor a close: " + Printable.of(bytes));
        } else if (received.nanos() > TimeLimit.NANOS) {
            late.add(new Played(bytes, pieces));
        }
    }

    private Queue<String> slow(InetSocketAddress server) throws IOException {
        var slow = new ConcurrentLinkedQueue<String>();
        for (var played : late) {
            if (isSlow(server, played)) {
                slow.add(Printable.of(played.bytes()));
            }
        }
        return slow;
    }

    private static boolean isSlow(InetSocketAddress server, Played played) throws IOException {
        for (int i = 0; i < REPLAYS; i++) {
            if (Wire.exchange(server, played.bytes(), played.pieces()).nanos() <= TimeLimit.NANOS) {
                return false;
            }
        }
        return true;
    }

    private static void judge(Stage stage, Findings findings, String what, Queue<String> bad) throws IOException {
        findings.exactly(what, bad.size(), 0);
        if (!bad.isEmpty()) {
            Path file = stage.home().resolve("target/verify/fuzz/mutated-requests.txt");
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", bad));
            findings.note("these are in", file.toString());
        }
    }

    private static void alive(Farm farm, Findings findings) throws IOException {
        var answer = Wire.exchange(
                farm.address(), "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1), List.of());
        var replies = Replies.of(answer.bytes(), false, false).all();
        boolean served = replies.size() == 1 && replies.getFirst().body().equals("hello\n");
        findings.judge("a plain request afterwards", replies.toString(), "200 hello", served);
    }
}
