package drover.verify;

/** A promise of Drover's, and the procedure that shows whether it is kept. Each can be run alone, by its name. */
public interface Check {

    /** By which it is asked for, such as {@code slow-head}. */
    String name();

    /** The rows of docs/promises.md that it shows, such as {@code D4}. */
    String rows();

    /** What is promised, in one sentence. */
    String promise();

    /**
     * Does it, and says what was found. The farms and programs it started are ended by the stage, which then also looks
     * whether they left anything behind.
     *
     * @throws Exception if it could not be shown either way; the check then counts as failed
     */
    void run(Stage stage, Findings findings) throws Exception;
}
