package drover.admin.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A configuration and a worker that this Drover runs, ran, or tried to. What is running is the last that was accepted.
 *
 * @param number from 1; 0 is none
 * @param actor who wanted it
 * @param origin how it came
 * @param worker the version of the worker
 * @param decidedAt empty while it is pending
 * @param detail the verdict in words
 * @param text of the file
 */
public record Generation(
        int number,
        Instant at,
        String actor,
        Origin origin,
        String worker,
        Verdict verdict,
        Optional<Instant> decidedAt,
        String detail,
        String text) {

    /** How a generation came. */
    public enum Origin {
        /** Admin was started with it. */
        START,
        /** The file was read again. */
        RELOAD,
        /** It was put by the API. */
        PUT,
        ROLLBACK,
        /** Another worker; the text is as before. */
        UPGRADE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What became of a generation. */
    public enum Verdict {
        PENDING,
        ACCEPTED,
        REFUSED
    }

    @JsonIgnore
    public boolean isPending() {
        return verdict == Verdict.PENDING;
    }

    Generation decided(Verdict end, String why, Instant when) {
        return new Generation(number, at, actor, origin, worker, end, Optional.of(when), why, text);
    }
}
