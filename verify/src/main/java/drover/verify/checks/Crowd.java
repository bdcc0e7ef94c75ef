package drover.verify.checks;

import drover.verify.Findings;
import drover.verify.client.Downloads;
import drover.verify.client.KeepAliveClients;
import drover.verify.client.Load;
import drover.verify.client.NewClients;
import drover.verify.client.Outcome;
import drover.verify.client.Page;
import drover.verify.client.Tally;
import drover.verify.client.Tally.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The usual load: clients that stay, half of them thinking in between, clients that come and go, and slow downloads. */
final class Crowd implements AutoCloseable {

    private static final int STAYING = 64;
    private static final Duration THOUGHT = Duration.ofMillis(50);
    private static final int NEW_PER_SECOND = 200;
    private static final int DOWNLOADS = 4;

    private final KeepAliveClients busy;
    private final KeepAliveClients thinking;
    private final NewClients coming;
    private final Downloads downloads;

    private Crowd(InetSocketAddress address, List<Page> pages, Page download, long bytesPerSecond) {
        busy = KeepAliveClients.start(address, pages, STAYING / 2, Duration.ZERO);
        thinking = KeepAliveClients.start(address, pages, STAYING / 2, THOUGHT);
        coming = NewClients.start(address, pages, NEW_PER_SECOND);
        downloads = Downloads.start(address, download, DOWNLOADS, bytesPerSecond);
    }

    /** What the crowd asks for, on disk. */
    record Files(List<Page> pages, Page download) {

        /** Small and middle-sized pages, and a download of so many bytes. */
        static Files write(Path sites, long downloadBytes) throws IOException {
            return new Files(
                    List.of(
                            Page.write(sites, "crowd/1k.bin", 1000),
                            Page.write(sites, "crowd/20k.bin", 20_000),
                            Page.write(sites, "crowd/90k.bin", 90_000)),
                    Page.write(sites, "crowd/download.bin", downloadBytes));
        }
    }

    /** A crowd whose downloads take so many bytes a second each. */
    static Crowd start(InetSocketAddress address, Files files, long bytesPerSecond) {
        return new Crowd(address, files.pages(), files.download(), bytesPerSecond);
    }

    /** Requests that went well. */
    long ok() {
        return tallies().mapToLong(Tally::ok).sum();
    }

    /** Downloads that went well. */
    long downloaded() {
        return downloads.tally().ok();
    }

    private Stream<Tally> tallies() {
        return loads().map(Load::tally);
    }

    private Stream<Load> loads() {
        return Stream.of(busy, thinking, coming, downloads);
    }

    /** Clients that came and went. */
    NewClients coming() {
        return coming;
    }

    /** Failures of those that were connected before: clients that stay, and downloads. */
    long failedOfStaying() {
        return busy.tally().failed()
                + thinking.tally().failed()
                + downloads.tally().failed();
    }

    List<Failure> failures() {
        return tallies().flatMap(tally -> tally.failures().stream()).toList();
    }

    long of(Outcome outcome) {
        return tallies().mapToLong(tally -> tally.of(outcome)).sum();
    }

    /** Connections of staying clients that the server closed, with or without saying so. */
    long closedByServer() {
        return busy.tally().closedByServer() + thinking.tally().closedByServer();
    }

    /** Connections that staying clients have made beyond one each. */
    int connectedAgain() {
        return busy.connections() + thinking.connections() - STAYING;
    }

    /** All six counters in one line. */
    String sixCounters() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT) + " " + of(outcome))
                .collect(Collectors.joining(", "));
    }

    /** Nothing may have failed. */
    void judge(Findings findings) {
        for (var outcome : Outcome.values()) {
            if (outcome != Outcome.OK) {
                findings.exactly("requests " + outcome.name().toLowerCase(Locale.ROOT), of(outcome), 0);
            }
        }
        failures().stream().findFirst().ifPresent(failure -> findings.note("the first failure", failure.toString()));
    }

    /** Lets everybody finish what they are at; downloads to their end. */
    void stop() {
        // All at once, or the last to be told would still work while the first are waited for.
        var stopping = loads().map(load -> Thread.ofVirtual().start(load::stop)).toList();
        for (var thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
