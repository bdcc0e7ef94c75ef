package drover.verify;

/** One thing that a check has found: what was looked at, what it was, what it had to be. */
public record Finding(String what, String measured, String figure, Verdict verdict) {

    /** How it stands. */
    public enum Verdict {
        /** As promised. */
        PASS,
        /** Not as promised. */
        FAIL,
        /** Could not be tried here; {@code measured} says why. */
        SKIPPED,
        /** Nothing is promised; it is there to compare with. */
        NOTE
    }
}
