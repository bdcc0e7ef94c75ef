package drover.admin.supervision;

import drover.admin.config.ConfigChange;
import drover.admin.config.ConfigCheck;
import drover.admin.config.ConfigInvalid;
import drover.admin.config.ConfigLoader.Loaded;
import drover.admin.config.Configurations;
import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.admin.config.Generation.Origin;
import drover.admin.config.Generation.Verdict;
import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import drover.admin.supervision.CommandRefused.Reason;
import drover.admin.supervision.Rehearsal.Stand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How another configuration or worker comes to the farm: it is checked here, becomes a generation, and is rolled out; the
 * operation says how that gets on. Any thread may call; what cannot be used is refused before anything is changed.
 */
public final class Reloads {

    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    private static final int TAG_BYTES = 12;

    private final Configurations configurations;
    private final Releases releases;
    private final Farm farm;
    private final Journal journal;
    private final TrialRun trialRun;

    /** Those of a farm. */
    public Reloads(Configurations configurations, Releases releases, Farm farm, Journal journal) {
        this.configurations = configurations;
        this.trialRun = releases.trialRun();
        this.releases = releases;
        this.farm = farm;
        this.journal = journal;
    }

    // ---- what there is

    /**
     * What runs.
     *
     * @param fileChanged whether something else stands in the file
     * @param tag another one after every change of either
     */
    public record Current(Generation generation, String file, boolean fileChanged, String tag) {}

    public Current current() {
        var runs = running();
        var inFile = fileText();
        var tag = tag(runs.number() + "\n" + inFile);
        return new Current(runs, configurations.started().file().toString(), !inFile.equals(runs.text()), tag);
    }

    /** The settings that the farm runs with, as far as this admin could take them up. */
    public DroverProperties properties() {
        try {
            return settings(configurations.trusted(running().text()));
        } catch (ConfigInvalid | CommandRefused unusable) {
            return configurations.started().properties();
        }
    }

    private Generation running() {
        return generation(farm.generation());
    }

    /** One that is remembered. @throws CommandRefused if it is not */
    public Generation generation(int number) {
        return configurations
                .generations()
                .find(number)
                .orElseThrow(() -> new CommandRefused(
                        Reason.NO_SUCH_GENERATION, "There is no generation " + number + "; the last 20 are kept."));
    }

    /** Those that are remembered, the oldest first. */
    public List<Generation> history() {
        return configurations.generations().all();
    }

    /** Versions of the worker that can be rolled out. */
    public List<String> workers() {
        return releases.versions();
    }

    private String fileText() {
        try {
            return Files.readString(configurations.started().file());
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String tag(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    // ---- what would change

    /** What the file would change. @throws ConfigInvalid if it cannot be used */
    public List<ConfigChange> checkFile() {
        return changes(checked(configurations.file()));
    }

    /** What a text would change, if it stood in the file. @throws ConfigInvalid if it cannot be used */
    public List<ConfigChange> check(String text) {
        return changes(checked(configurations.of(text)));
    }

    private List<ConfigChange> changes(Loaded wanted) {
        return ConfigChange.between(configurations.trusted(running().text()), wanted);
    }

    /** What differs between two generations. */
    public List<ConfigChange> diff(int from, int to) {
        return ConfigChange.between(
                configurations.trusted(generation(from).text()),
                configurations.trusted(generation(to).text()));
    }

    /**
     * What a text, or what stands in the file, would change for the requests of late; takes a second or two.
     *
     * @param text what would stand in the file
     * @param most so many requests at most
     * @throws ConfigInvalid if it cannot be used
     * @throws CommandRefused if it does not serve, or another one is rehearsed
     */
    public Comparison rehearse(Optional<String> text, int most, String actor) {
        var wanted = text.map(configurations::of).orElseGet(configurations::file);
        var runs = running();
        var before = new Stand(runs, settings(configurations.trusted(runs.text())));
        var after = new Stand(
                new Generation(
                        0,
                        Instant.now(),
                        actor,
                        Origin.PUT,
                        runs.worker(),
                        Verdict.PENDING,
                        Optional.empty(),
                        "",
                        wanted.text()),
                settings(wanted));
        try {
            return trialRun.compare(before, after, farm.region(), most);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw new CommandRefused(Reason.BUSY, "Drover is being stopped.");
        }
    }

    private DroverProperties settings(Loaded loaded) {
        return loaded.properties().within(configurations.started().properties());
    }

    /** A port that another program holds is found before anything is begun. */
    private Loaded checked(Loaded wanted) {
        for (var address :
                Listening.missing(wanted.properties().listen(), farm.master().listening())) {
            int colon = address.lastIndexOf(':');
            var host = InetAddress.ofLiteral(address.substring(0, colon).replaceAll("[\\[\\]]", ""));
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))));
            } catch (IOException taken) {
                throw ConfigCheck.invalid(
                        wanted, "drover.listen", address + " cannot be listened on: " + taken.getMessage());
            }
        }
        return wanted;
    }

    // ---- what changes

    /** Takes up what stands in the file. */
    public synchronized Operation reload(String actor, boolean force) {
        var wanted = orRefused("reload", actor, () -> checked(configurations.file()));
        return rollOut(wanted, Origin.RELOAD, running().worker(), actor, force);
    }

    /** What is refused before the farm hears of it stands in the journal too. */
    private <T> T orRefused(String what, String actor, Supplier<T> look) {
        try {
            return look.get();
        } catch (ConfigInvalid invalid) {
            journal.add(
                    Event.of(Kind.COMMAND_REFUSED, actor).cause("invalid").detail(what + ": " + invalid.getMessage()));
            throw invalid;
        } catch (CommandRefused refusal) {
            journal.add(Event.of(Kind.COMMAND_REFUSED, actor)
                    .cause(refusal.reason().label())
                    .detail(what + ": " + refusal.getMessage()));
            throw refusal;
        }
    }

    /** Takes up a text; it is written into the file when it runs. */
    public synchronized Operation put(String text, String tag, String actor, boolean force) {
        var wanted = orRefused("put", actor, () -> fitting(text, tag));
        return rollOut(wanted, Origin.PUT, running().worker(), actor, force);
    }

    private Loaded fitting(String text, String tag) {
        if (!tag.equals("*") && !tag.equals(current().tag())) {
            throw new CommandRefused(
                    Reason.CHANGED_MEANWHILE, "The configuration has changed since you read it; read it again.");
        }
        requireWritable();
        return checked(configurations.of(text));
    }

    /**
     * Takes up the configuration and the worker of an earlier generation, as a new one. It need only serve: what was found
     * since then may be lost, for that is what is asked for.
     */
    public synchronized Operation rollBack(int number, String actor) {
        var loaded = orRefused("rollback " + number, actor, () -> earlier(number));
        return rollOut(loaded, Origin.ROLLBACK, generation(number).worker(), actor, /* force= */ true);
    }

    private Loaded earlier(int number) {
        var wanted = generation(number);
        requireWorker(wanted.worker());
        requireWritable();
        return checked(configurations.of(wanted.text()));
    }

    /** Takes up another worker with the configuration that runs. */
    public synchronized Operation upgrade(String version, String actor, boolean force) {
        var loaded = orRefused("upgrade", actor, () -> {
            requireWorker(version);
            return configurations.trusted(running().text());
        });
        return rollOut(loaded, Origin.UPGRADE, version, actor, force);
    }

    private void requireWorker(String version) {
        if (!releases.exists(version)) {
            throw new CommandRefused(
                    Reason.NO_SUCH_WORKER,
                    "There is no worker of this version; there are: " + String.join(", ", releases.versions())
                            + ". Others are put into lib/worker/VERSION/worker-engine.jar.");
        }
    }

    private void requireWritable() {
        if (!configurations.isWritable()) {
            throw new CommandRefused(
                    Reason.BUSY,
                    configurations.started().file() + " cannot be written, so the next start would undo the change;"
                            + " change the file where it comes from, then reload.");
        }
    }

    private Operation rollOut(Loaded wanted, Origin origin, String worker, String actor, boolean force) {
        var runs = running();
        if (wanted.text().equals(runs.text()) && worker.equals(runs.worker())) {
            return farm.order(new Command.RollOut(runs.number(), force), actor);
        }
        var next = orRefused(origin.label(), actor, () -> {
            requireNoRollout();
            return configurations.generations().propose(actor, origin, worker, wanted.text());
        });
        try {
            var operation = farm.order(new Command.RollOut(next.number(), force), actor);
            LOG.info(
                    "generation proposed number={} origin={} actor={} keys={}",
                    next.number(),
                    origin.label(),
                    actor,
                    ConfigChange.between(configurations.trusted(runs.text()), wanted).stream()
                            .map(ConfigChange::key)
                            .toList());
            return operation;
        } catch (CommandRefused refused) {
            configurations.generations().decide(next.number(), Verdict.REFUSED, String.valueOf(refused.getMessage()));
            throw refused;
        }
    }

    /** Whether a generation is on its way, or on its way back. */
    public boolean isRollingOut() {
        return farm.operations().stream()
                .anyMatch(other -> other.isRunning() && other.rollout().isPresent());
    }

    private void requireNoRollout() {
        if (isRollingOut()) {
            throw new CommandRefused(Reason.BUSY, "Another generation is being rolled out; wait for it, or abort it.");
        }
    }

    /** A farm that lived before this admin runs what it ran then: if another text stands in the file now, it is taken up. */
    public synchronized void takeUpFile() {
        if (!isRollingOut() && !configurations.started().text().equals(running().text())) {
            try {
                reload("start", /* force= */ false);
            } catch (ConfigInvalid | CommandRefused refused) {
                LOG.warn("file not taken up why=\"{}\"", refused.getMessage());
            }
        }
    }
}
