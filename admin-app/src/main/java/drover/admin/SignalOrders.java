package drover.admin;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.rolling.RollingFileAppender;
import drover.admin.config.ConfigInvalid;
import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import drover.admin.shared.OsSignal;
import drover.admin.supervision.Command;
import drover.admin.supervision.CommandRefused;
import drover.admin.supervision.Reloads;
import drover.admin.supervision.Supervisor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What admin does on signals, as nginx and others have accustomed people to it. They are carried out one after the other; TERM
 * and INT at once.
 *
 * <pre>
 *   TERM, INT   stops: requests in flight are finished; a second one ends everything at once
 *   HUP         reloads the configuration
 *   USR1        begins the logs of the processes anew
 *   USR2        restarts the workers, one after the other
 *   TTIN, TTOU  one worker more, one less
 * </pre>
 */
final class SignalOrders {

    private static final Logger LOG = LoggerFactory.getLogger(SignalOrders.class);

    /** What a shell says of a process that a signal has ended: 128 and its number. */
    private static final Map<String, Integer> STOPPING = Map.of("INT", 130, "TERM", 143);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("signals").unstarted(task));
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Supervisor farm;
    private final Reloads reloads;
    private final Journal journal;

    private SignalOrders(Supervisor farm, Reloads reloads, Journal journal) {
        this.farm = farm;
        this.reloads = reloads;
        this.journal = journal;
    }

    /** Until there is a farm, what would be an order then does nothing; by default it would end the process. */
    static void ignoreUntilReady() {
        List.of("HUP", "USR1", "USR2", "TTIN", "TTOU")
                .forEach(name ->
                        OsSignal.on(name, () -> LOG.warn("signal ignored signal={} why=\"Drover is starting\"", name)));
    }

    /** From now on signals are orders. */
    static void obey(Supervisor farm, Reloads reloads, Journal journal) {
        var orders = new SignalOrders(farm, reloads, journal);
        STOPPING.forEach((name, exitCode) -> OsSignal.on(name, () -> orders.stop(name, exitCode)));
        orders.on("HUP", orders::reload);
        orders.on("USR1", orders::reopenLogs);
        orders.on("USR2", () -> orders.order(new Command.RollingRestart()));
        orders.on("TTIN", () -> orders.order(new Command.Scale(farm.wantedWorkers() + 1)));
        orders.on("TTOU", () -> orders.order(new Command.Scale(farm.wantedWorkers() - 1)));
    }

    private void on(String name, Runnable order) {
        OsSignal.on(name, () -> thread.execute(() -> carryOut(name, order)));
    }

    private void carryOut(String name, Runnable order) {
        LOG.info("signal received signal={}", name);
        journal.add(Event.of(Kind.SIGNAL_RECEIVED, Event.SIGNAL).cause(name));
        try {
            order.run();
        } catch (CommandRefused refused) {
            LOG.warn("signal refused signal={} why=\"{}\"", name, refused.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("signal failed signal={}", name, bug);
        }
    }

    private void order(Command command) {
        farm.order(command, Event.SIGNAL);
    }

    private void reload() {
        try {
            reloads.reload(Event.SIGNAL, /* force= */ false);
        } catch (ConfigInvalid invalid) {
            LOG.warn("reload refused why=\"{}\"", invalid.getMessage());
        }
    }

    private void reopenLogs() {
        ownLog().ifPresent(RollingFileAppender::rollover);
        farm.reopenLogs(Event.SIGNAL);
    }

    private static Optional<RollingFileAppender<?>> ownLog() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("file")
                                instanceof RollingFileAppender<?> file
                ? Optional.of(file)
                : Optional.empty();
    }

    /** On the signal's own thread. */
    private void stop(String name, int exitCode) {
        boolean first = stopping.compareAndSet(false, true);
        LOG.info("signal received signal={} first={}", name, first);
        journal.add(Event.of(Kind.SIGNAL_RECEIVED, Event.SIGNAL)
                .cause(name)
                .detail(first ? "Requests in flight are finished, then everything ends." : "Everything ends at once."));
        if (first) {
            System.exit(exitCode);
        }
        farm.stopNow();
        Runtime.getRuntime().halt(exitCode);
    }
}
