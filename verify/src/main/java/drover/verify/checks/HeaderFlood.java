package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.farm.Farm;
import drover.verify.farm.Processes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Heads with too many fields, or too large by a byte. */
public final class HeaderFlood implements Check {

    private static final int AT_ONCE = 16;
    private static final int HEAD_LIMIT = 16 << 10;
    private static final String BEGIN = "GET /page.bin HTTP/1.1\r\nHost: localhost\r\n";

    @Override
    public String name() {
        return "header-flood";
    }

    @Override
    public String rows() {
        return "D6";
    }

    @Override
    public String promise() {
        return "More than 100 fields or 16 KiB are refused, at no more than twice the cost of an answer";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        Page.write(farm.sites(), "page.bin", 1024);
        int times = stage.size(1000, 100);
        statuses(findings, farm, times);
        cost(stage, findings, farm);
    }

    private static void statuses(Findings findings, Farm farm, int times) throws InterruptedException {
        expect(findings, farm, "99 fields", fields(99), times, 200);
        expect(findings, farm, "100 fields", fields(100), times, 200);
        expect(findings, farm, "101 fields", fields(101), times, 431);
        expect(findings, farm, "10,000 fields", fields(10_000), times, 431);
        expect(findings, farm, "16 KiB − 1", long_(HEAD_LIMIT - 1), times, 200);
        expect(findings, farm, "16 KiB", long_(HEAD_LIMIT), times, 200);
        expect(findings, farm, "16 KiB + 1", long_(HEAD_LIMIT + 1), times, 431);
    }

    private static void expect(Findings findings, Farm farm, String what, String head, int times, int status)
            throws InterruptedException {
        findings.exactly("answers " + status + " to " + what, ask(farm, head, times, status), times);
    }

    private static void cost(Stage stage, Findings findings, Farm farm) throws InterruptedException {
        int times = stage.size(20_000, 2000);
        double ten = 0;
        double hundred = 0;
        double refused = 0;
        for (int turn = 0; turn < 4; turn++) {
            boolean warm = turn > 0;
            ten += seconds(farm, fields(10), times, 200, warm);
            hundred += seconds(farm, fields(100), times, 200, warm);
            refused += seconds(farm, fields(101), times, 431, warm);
        }
        findings.atMost("processor time for 100 fields to that for 10", hundred / ten, 3, "");
        findings.atMost("processor time for a refusal of 101 to that for an answer to 100", refused / hundred, 2, "");
    }

    private static double seconds(Farm farm, String head, int times, int status, boolean counted)
            throws InterruptedException {
        double before = Processes.processorSeconds(farm.workers());
        ask(farm, head, times, status);
        return counted ? Processes.processorSeconds(farm.workers()) - before : 0;
    }

    private static String fields(int count) {
        return BEGIN + "A: b\r\n".repeat(count - 1) + "\r\n";
    }

    /** A head of so many bytes. */
    private static String long_(int bytes) {
        var end = "\r\n\r\n";
        var field = "X-Long: ";
        return BEGIN + field + "x".repeat(bytes - BEGIN.length() - field.length() - end.length()) + end;
    }

    /** How many of so many requests, each on a connection of its own, are answered like this. */
    private static int ask(Farm farm, String head, int times, int status) throws InterruptedException {
        var left = new AtomicInteger(times);
        var right = new AtomicInteger();
        var clients = IntStream.range(0, AT_ONCE)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    while (left.getAndDecrement() > 0) {
                        right.addAndGet(isAnswered(farm, head, status) ? 1 : 0);
                    }
                }))
                .toList();
        for (var client : clients) {
            client.join();
        }
        return right.get();
    }

    private static boolean isAnswered(Farm farm, String head, int status) {
        try (var wire = Wire.open(farm.address())) {
            wire.send(head);
            return wire.head().status() == status;
        } catch (Failed failure) {
            return false;
        }
    }
}
