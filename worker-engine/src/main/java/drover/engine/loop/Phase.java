package drover.engine.loop;

import drover.engine.stats.Counter;
import java.time.Duration;

/**
 * What a connection is doing, how the statistics call it, and how long it may do so. Each phase has one allowance, so the
 * connections in a phase stand in the order in which their time runs out.
 *
 * <pre>
 *   HEAD ──► LOOKUP ──► SENDING ──► IDLE ──► HEAD …
 *     └────────┴───────────┴──────► LINGERING ──► closed
 * </pre>
 */
enum Phase {
    /** A request's first byte is awaited or its head is incomplete: absolute, so that a slow head cannot stretch it. */
    HEAD(Counter.CONNECTIONS_READING, "reading head"),
    /** A file thread looks for the file, or reads more of it. */
    LOOKUP(Counter.CONNECTIONS_WRITING, "waiting for file"),
    /** The response is on its way; the time counts from the last progress. */
    SENDING(Counter.CONNECTIONS_WRITING, "sending response"),
    /** Kept alive between two requests. */
    IDLE(Counter.CONNECTIONS_IDLE, "idle"),
    /** Answered and shut down; what the client still sends is thrown away, so that it can read the answer. */
    LINGERING(Counter.CONNECTIONS_WRITING, "lingering");

    static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);
    static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);
    static final Duration LINGER_TIMEOUT = Duration.ofSeconds(2);

    private final Counter gauge;
    private final String doing;

    Phase(Counter gauge, String doing) {
        this.gauge = gauge;
        this.doing = doing;
    }

    Counter gauge() {
        return gauge;
    }

    /** For log lines. */
    String doing() {
        return doing;
    }
}
