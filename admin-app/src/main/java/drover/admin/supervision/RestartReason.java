package drover.admin.supervision;

import java.util.Locale;

/** Why a process was replaced by another. */
enum RestartReason {
    /** Somebody asked for it. */
    OPERATOR,
    /** It ended by itself, or did not become ready. */
    CRASH,
    /** It drained without being told to by admin: its master was gone, or somebody sent it SIGTERM. */
    DRAINED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
