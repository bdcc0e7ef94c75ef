package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a generation does what the one before did: both are served by a {@link Twin}, out of sight, and asked the same.
 * Runs on a thread of its own, because it waits; the supervisor looks at {@link #finding} now and then.
 */
final class Rehearsal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private static final int NAMED = 3;
    private static final int NO_ANSWER = 0;
    private static final long END_PATIENCE_SECONDS = 5;

    private final RunDirectory directory;
    private final Path distribution;
    private final Releases releases;
    private final Thread thread = Thread.ofPlatform().daemon().name("rehearsal").unstarted(this::run);

    private final Stand before;
    private final Stand after;
    private volatile Optional<Finding> finding = Optional.empty();

    /** A generation and what it says. */
    record Stand(Generation generation, DroverProperties properties) {}

    /** What came of it; each with a sentence for people. */
    sealed interface Finding {

        String sentence();

        /** It starts, and what was found is still found. */
        record Passed(String sentence) implements Finding {}

        /** It starts, and something is found no more. */
        record Worse(String sentence) implements Finding {}

        /** It does not serve. */
        record Broken(String sentence) implements Finding {}
    }

    private record Answered(Address address, int before, int after) {

        boolean isWorse() {
            return before >= 200 && before < 400 && (after == NO_ANSWER || after == 404 || after >= 500);
        }

        @Override
        public String toString() {
            return "%s answers %s instead of %d".formatted(address, after == NO_ANSWER ? "nothing" : after, before);
        }
    }

    Rehearsal(RunDirectory directory, Path distribution, Releases releases, Stand before, Stand after) {
        this.directory = directory;
        this.distribution = distribution;
        this.releases = releases;
        this.before = before;
        this.after = after;
    }

    void begin() {
        thread.start();
    }

    /** Empty until it is over. */
    Optional<Finding> finding() {
        return finding;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_PATIENCE_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            finding = Optional.of(rehearse());
        } catch (IOException failure) {
            finding = Optional.of(new Finding.Broken(String.valueOf(failure.getMessage())));
        } catch (InterruptedException over) {
            LOG.info("rehearsal ended early generation={}", after.generation().number());
        } catch (RuntimeException bug) {
            LOG.error("rehearsal failed", bug);
            finding = Optional.of(new Finding.Broken("the rehearsal failed; admin.log has the details"));
        }
    }

    private Finding rehearse() throws IOException, InterruptedException {
        try (var next = twin("after", after)) {
            try (var runs = twin("before", before)) {
                int port = next.awaitReady();
                var old = portOf(runs);
                return old.isPresent() ? compare(old.get(), port) : alone(port);
            }
        }
    }

    private Twin twin(String name, Stand stand) throws IOException {
        return Twin.start(directory.twin(name), distribution, releases, stand.generation(), stand.properties());
    }

    /** What runs was started once and may not start again: then there is nothing to compare with. */
    private static Optional<Integer> portOf(Twin runs) throws InterruptedException {
        try {
            return Optional.of(runs.awaitReady());
        } catch (IOException failure) {
            LOG.warn("the generation that runs cannot be started anew why=\"{}\"", failure.getMessage());
            return Optional.empty();
        }
    }

    private static Finding alone(int port) throws IOException {
        try (var prober = new Prober(port)) {
            int status = prober.status(new Address("localhost", "/healthz"));
            return status == 200
                    ? new Finding.Passed("it starts; there was nothing to compare it with")
                    : new Finding.Broken("/healthz answers " + status);
        }
    }

    private Finding compare(int old, int port) throws IOException {
        var answers = new ArrayList<Answered>();
        try (var first = new Prober(old);
                var second = new Prober(port)) {
            for (var address : Addresses.of(before.properties())) {
                answers.add(new Answered(address, status(first, address), status(second, address)));
            }
        }
        var worse = answers.stream().filter(Answered::isWorse).toList();
        var other = answers.stream()
                .filter(answer -> answer.before() != answer.after() && !answer.isWorse())
                .toList();
        var compared = answers.size() + " addresses compared";
        return worse.isEmpty()
                ? new Finding.Passed(compared + (other.isEmpty() ? "" : "; " + named(other)))
                : new Finding.Worse(named(worse) + "; " + compared);
    }

    private static int status(Prober prober, Address address) {
        try {
            return prober.status(address);
        } catch (IOException none) {
            return NO_ANSWER;
        }
    }

    private static String named(List<Answered> answers) {
        var first = answers.stream().limit(NAMED).map(Answered::toString).toList();
        return String.join(", ", first) + (answers.size() > NAMED ? " and " + (answers.size() - NAMED) + " more" : "");
    }
}
