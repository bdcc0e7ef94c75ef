package drover.admin;

import drover.admin.shared.NotifySocket;
import drover.admin.supervision.Farm;
import drover.admin.supervision.Operation;
import drover.admin.supervision.Rollout;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

/**
 * Tells the service manager that started us, systemd with {@code Type=notify}, how we are: ready when a new request would be
 * answered, reloading while another generation is rolled out, stopping. Called on the supervisor's thread, and by the end on
 * its own.
 *
 * <pre>
 *   STARTING ── somebody serves ──► READY ◄── rolled out, or back ── RELOADING
 *                                     └────── a rollout begins ──────────▲
 *   any of them ── the end ──► STOPPING
 * </pre>
 */
final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    /** What the end takes beyond the drain: answers, logs, the history. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private enum State {
        STARTING,
        READY,
        RELOADING,
        STOPPING
    }

    private final Optional<NotifySocket> socket;
    private final Farm farm;
    private final Supplier<Duration> drain;
    private State state = State.STARTING;
    private String status = "";

    private ServiceManager(Optional<NotifySocket> socket, Farm farm, Supplier<Duration> drain) {
        this.socket = socket;
        this.farm = farm;
        this.drain = drain;
    }

    /**
     * The one that {@code NOTIFY_SOCKET} names; without it nobody is told anything.
     *
     * @param drain how long requests in flight may take at the end
     */
    static ServiceManager of(Farm farm, Supplier<Duration> drain) {
        var name = Optional.ofNullable(System.getenv("NOTIFY_SOCKET")).filter(address -> !address.isEmpty());
        return new ServiceManager(name.map(NotifySocket::new), farm, drain);
    }

    /** From now on it hears of every change. */
    @EventListener(ApplicationReadyEvent.class)
    @Order(2)
    void begin() {
        if (socket.isPresent()) {
            farm.onChange(this::look);
            look();
        }
    }

    /** Asks the farm before it takes its own lock: the supervisor's thread comes here with the farm's. */
    private void look() {
        long up = farm.slots().stream().filter(SlotView::serves).count();
        boolean serves = farm.master().state() == SlotState.UP && up > 0;
        var now = up + " of " + farm.wantedWorkers() + " workers up, configuration " + farm.generation();
        note(serves, rollout(), now);
    }

    /** The generation that is being rolled out. */
    private Optional<Integer> rollout() {
        return farm.operations().stream()
                .filter(Operation::isRunning)
                .flatMap(operation -> operation.rollout().stream())
                .map(Rollout::to)
                .findFirst();
    }

    private synchronized void note(boolean serves, Optional<Integer> next, String now) {
        if ((state == State.STARTING && serves) || (state == State.RELOADING && next.isEmpty())) {
            state = State.READY;
            tell("READY=1", now);
        } else if (state == State.READY && next.isPresent()) {
            state = State.RELOADING;
            // Of the monotonic clock, as System.nanoTime is on Linux.
            tell(
                    "RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()),
                    "Rolling out configuration " + next.get());
        } else if (state == State.READY && !now.equals(status)) {
            tell("", now);
        }
    }

    /** Before the farm ends. */
    @EventListener(ContextClosedEvent.class)
    void end() {
        var most = drain.get().plus(STOP_GRACE);
        synchronized (this) {
            if (state != State.STOPPING) {
                state = State.STOPPING;
                tell(
                        "STOPPING=1\nEXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(most.toNanos()),
                        "Finishing requests in flight");
            }
        }
    }

    /** A service manager that does not listen changes nothing for the farm. */
    private void tell(String what, String words) {
        status = words;
        socket.ifPresent(to -> {
            try {
                to.send((what.isEmpty() ? "" : what + "\n") + "STATUS=" + words);
            } catch (IOException unheard) {
                LOG.warn("service manager not told state={} why=\"{}\"", state, unheard.getMessage());
            }
        });
    }
}
