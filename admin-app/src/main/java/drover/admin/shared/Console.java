package drover.admin.shared;

/** The terminal that {@code drover up} runs in: a few lines for people. The log goes to a file. */
@SuppressWarnings("SystemOut")
public final class Console {

    private Console() {}

    public static void say(String line) {
        System.out.println(line);
    }

    /** What went wrong, on standard error, one line. */
    public static void complain(String line) {
        System.err.println("drover: " + line);
    }
}
