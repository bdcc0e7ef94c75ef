package drover.admin.security;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the audit log: somebody changed something, or tried to.
 *
 * @param id greater than that of every entry before
 * @param user who, as far as he is known; of a login the name that was given
 * @param address where he came from; {@code admin.sock} for the command line
 * @param action {@code login}, {@code logout}, or the call: its method and route
 * @param target the path that was called, with its query; of a login without, as a provider sends a secret in it
 * @param detail what changed, or why it was refused
 */
record AuditEntry(
        long id,
        Instant at,
        String user,
        String address,
        String action,
        String target,
        Outcome outcome,
        Optional<String> detail) {

    /** How it ended. */
    enum Outcome {
        ACCEPTED,
        REFUSED,
        /** By a bug or a broken disk; the log of admin tells more. */
        FAILED;

        private static final int LOWEST_REFUSAL = 400;
        private static final int LOWEST_FAILURE = 500;

        @JsonValue
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome of(int status) {
            if (status < LOWEST_REFUSAL) {
                return ACCEPTED;
            }
            return status < LOWEST_FAILURE ? REFUSED : FAILED;
        }
    }
}
