package drover.admin.supervision;

import java.util.Locale;

/** Why a process was replaced by another. */
enum RestartReason {
    /** Somebody asked for it, by a command or a signal. */
    OPERATOR,
    /** It ended by itself, or did not become ready. */
    CRASH,
    /** One of its event loops did not turn any more. */
    HANG,
    /** It ended because memory had run out. */
    OOM;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
