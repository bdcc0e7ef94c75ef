package drover.verify.client;

import java.io.IOException;

/** A request without a right answer. */
public final class Failed extends IOException {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    Failed(Outcome outcome, String why) {
        super(why);
        this.outcome = outcome;
    }

    Failed(Outcome outcome, IOException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }
}
