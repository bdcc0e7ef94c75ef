package drover.admin.supervision;

import static drover.admin.supervision.SlotState.BACKOFF;
import static drover.admin.supervision.SlotState.DRAINING;
import static drover.admin.supervision.SlotState.FAILED;
import static drover.admin.supervision.SlotState.STARTING;
import static drover.admin.supervision.SlotState.STOPPED;
import static drover.admin.supervision.SlotState.UP;
import static drover.admin.supervision.SlotState.VACANT;

import java.util.Map;
import java.util.Optional;

/**
 * The state machine of a slot: the one table of what follows from what. An empty cell means that the event changes nothing.
 *
 * <pre>
 *                launched            ready, fell back
 *      VACANT ───────────► STARTING ──────────────────► UP ───────┐
 *        ▲ ▲                ▲  │ │                      ▲  │ ▲     │ launched: a successor starts
 *        │ │      launched  │  │ │ relieved,            │  │ │     ▼
 *        │ │     ┌──────────┘  │ │ drains          left │  │ └─ STARTING
 *        │ │     │             │ ▼                      │  │
 *        │ └── DRAINING ◄──────┼─── DRAINING ───────────┘  │ drains: DRAINING
 *        │   emptied           │                           │
 *        │                     ▼ crashed                   │ crashed
 *        ├──────────────── BACKOFF ◄───────────────────────┤
 *        │    revived                                      │ gave up
 *        ├──────────────── FAILED ◄────────────────────────┘
 *        │    revived
 *        └──────────────── STOPPED ◄── shut ── VACANT, BACKOFF, FAILED
 * </pre>
 */
final class SlotLife {

    private static final Map<SlotState, Map<SlotEvent, SlotState>> TABLE = Map.of(
            VACANT,
            Map.of(
                    SlotEvent.LAUNCHED, STARTING,
                    SlotEvent.CRASHED, BACKOFF,
                    SlotEvent.GAVE_UP, FAILED,
                    SlotEvent.SHUT, STOPPED),
            STARTING,
            Map.of(
                    SlotEvent.READY, UP,
                    SlotEvent.RELIEVED, DRAINING,
                    SlotEvent.FELL_BACK, UP,
                    SlotEvent.DRAINS, DRAINING,
                    SlotEvent.EMPTIED, VACANT,
                    SlotEvent.CRASHED, BACKOFF,
                    SlotEvent.GAVE_UP, FAILED),
            UP,
            Map.of(
                    SlotEvent.LAUNCHED, STARTING,
                    SlotEvent.DRAINS, DRAINING,
                    SlotEvent.EMPTIED, VACANT,
                    SlotEvent.CRASHED, BACKOFF,
                    SlotEvent.GAVE_UP, FAILED),
            DRAINING,
            Map.of(
                    SlotEvent.LAUNCHED, STARTING,
                    SlotEvent.LEFT, UP,
                    SlotEvent.EMPTIED, VACANT,
                    SlotEvent.CRASHED, BACKOFF,
                    SlotEvent.GAVE_UP, FAILED),
            BACKOFF,
            Map.of(SlotEvent.REVIVED, VACANT, SlotEvent.SHUT, STOPPED),
            FAILED,
            Map.of(SlotEvent.REVIVED, VACANT, SlotEvent.SHUT, STOPPED),
            STOPPED,
            Map.of(SlotEvent.REVIVED, VACANT));

    private SlotLife() {}

    /** The state that follows, or none if the event changes nothing there. */
    static Optional<SlotState> after(SlotState state, SlotEvent event) {
        return Optional.ofNullable(TABLE.getOrDefault(state, Map.of()).get(event));
    }
}
