package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import drover.admin.supervision.CommandRefused.Reason;
import drover.admin.supervision.Rehearsal.Stand;
import drover.engine.stats.Flight;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What would become of the requests of late under another configuration: both are served by a {@link Twin}, out of sight, and
 * asked the same. Nothing is changed. One at a time, on the thread that asks.
 */
final class TrialRun {

    private static final int NO_ANSWER = 0;

    /** What a recorder kept whole: host and path without a query are printable and not cut. */
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]{1,253})(?::\\d{1,5})?");

    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e&&[^\"\\\\?#]]{0,150}");

    private final RunDirectory directory;
    private final Path distribution;
    private final Releases releases;
    private final ReentrantLock turn = new ReentrantLock();

    TrialRun(RunDirectory directory, Path distribution, Releases releases) {
        this.directory = directory;
        this.distribution = distribution;
        this.releases = releases;
    }

    /**
     * Compares two generations.
     *
     * @param region whose flight recorders are read beside the access log
     * @param most so many requests at most
     * @throws CommandRefused if another one runs, or one of the two does not serve
     */
    Comparison compare(Stand before, Stand after, RegionReader region, int most) throws InterruptedException {
        if (!turn.tryLock()) {
            throw new CommandRefused(Reason.BUSY, "Another configuration is being rehearsed; try again in a moment.");
        }
        try {
            var recorded = Addresses.of(before.properties(), recorded(before.properties(), region, most), most);
            var asked = new LinkedHashSet<>(recorded);
            asked.addAll(Addresses.of(before.properties()));
            return compare(before, after, recorded.size(), List.copyOf(asked));
        } finally {
            turn.unlock();
        }
    }

    private static List<RecentRequest> recorded(DroverProperties properties, RegionReader region, int most) {
        var flights = region.slots().stream()
                .flatMap(slot -> IntStream.range(0, RegionLayout.SEATS)
                        .boxed()
                        .flatMap(seat -> region.flights(slot, seat).stream()))
                .flatMap(TrialRun::request);
        return Stream.concat(RecentRequest.asked(properties, most).stream(), flights)
                .distinct()
                .toList();
    }

    private static Stream<RecentRequest> request(Flight flight) {
        var host = HOST.matcher(flight.host());
        return flight.method().equals("GET")
                        && host.matches()
                        && PATH.matcher(flight.path()).matches()
                ? Stream.of(new RecentRequest(Optional.of(host.group(1)), flight.path()))
                : Stream.empty();
    }

    private Comparison compare(Stand before, Stand after, int recorded, List<Address> asked)
            throws InterruptedException {
        try (var old = twin("old", before);
                var next = twin("new", after)) {
            int port = ready(next, "The configuration");
            int oldPort = ready(old, "What runs now, started anew,");
            return new Comparison(recorded, asked.size(), differences(asked, oldPort, port));
        } catch (IOException failure) {
            throw doesNotServe("The rehearsal", failure);
        }
    }

    private Twin twin(String name, Stand stand) throws IOException {
        return Twin.start(directory.twin(name), distribution, releases, stand.generation(), stand.properties());
    }

    private static int ready(Twin twin, String what) throws InterruptedException {
        try {
            return twin.awaitReady();
        } catch (IOException failure) {
            throw doesNotServe(what, failure);
        }
    }

    private static CommandRefused doesNotServe(String what, IOException failure) {
        return new CommandRefused(Reason.DOES_NOT_SERVE, what + " does not serve: " + failure.getMessage());
    }

    private static List<Comparison.Difference> differences(List<Address> asked, int oldPort, int port)
            throws IOException {
        var differences = new ArrayList<Comparison.Difference>();
        try (var first = new Prober(oldPort);
                var second = new Prober(port)) {
            for (var address : asked) {
                var before = look(first, address);
                var after = look(second, address);
                if (!before.equals(after)) {
                    differences.add(
                            new Comparison.Difference(address.host(), address.path(), answer(before), answer(after)));
                }
            }
        }
        return List.copyOf(differences);
    }

    private static Prober.Seen look(Prober prober, Address address) {
        try {
            return prober.look(address);
        } catch (IOException none) {
            return new Prober.Seen(NO_ANSWER, Optional.empty());
        }
    }

    private static Comparison.Answer answer(Prober.Seen seen) {
        return new Comparison.Answer(
                seen.status() == NO_ANSWER ? Optional.empty() : Optional.of(seen.status()), seen.location());
    }
}
