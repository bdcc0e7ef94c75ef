package drover.admin.supervision;

import java.util.Locale;

/** A command that was not begun; the message says why and what to do, for people. */
public final class CommandRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What kind of refusal it is, so that HTTP can choose a status code. */
    public enum Reason {
        NO_SUCH_SLOT,
        NO_SUCH_OPERATION,
        BAD_SIZE,
        NO_SUCH_GENERATION,
        NO_SUCH_WORKER,
        CHANGED_MEANWHILE,
        DOES_NOT_SERVE,
        BUSY;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public CommandRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
