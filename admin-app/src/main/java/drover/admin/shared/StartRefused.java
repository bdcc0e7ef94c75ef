package drover.admin.shared;

/** Drover cannot start; the message is the one line for the terminal. */
public final class StartRefused extends RuntimeException {

    public static final int EXIT_FAILED = 1;
    public static final int EXIT_CONFIG = 2;
    public static final int EXIT_RUNNING = 3;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    public StartRefused(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
