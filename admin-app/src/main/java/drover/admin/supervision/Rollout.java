package drover.admin.supervision;

/**
 * A rollout under way, within its operation: all that the next admin needs to go on with it.
 *
 * <pre>
 *   REHEARSING ──► LISTENING ──► MOVING ──► accepted: the operation is DONE
 *       │              │           │ a worker does not start
 *       │ refused      ▼           ▼
 *       ▼            RETURNING ◄───┘──────► refused: FAILED, or ABORTED
 *     FAILED
 * </pre>
 *
 * @param from and {@code to}: generations
 * @param force whether it goes on even if something is found no more
 * @param note what the rehearsal found; when it returns, why it does
 * @param aborted whether somebody asked for its end
 */
public record Rollout(int from, int to, boolean force, Phase phase, String note, boolean aborted) {

    /** Where it is. */
    public enum Phase {
        /** Both generations are served out of sight and compared. */
        REHEARSING,
        /** The master listens at new addresses. */
        LISTENING,
        /** Workers are restarted one by one. */
        MOVING,
        /** Those that were restarted are brought back. */
        RETURNING
    }

    Rollout enters(Phase next, String why) {
        return new Rollout(from, to, force, next, why, aborted);
    }

    Rollout aborts(String why) {
        return new Rollout(from, to, force, Phase.RETURNING, why, /* aborted= */ true);
    }
}
