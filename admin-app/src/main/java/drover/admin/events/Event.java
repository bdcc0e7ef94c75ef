package drover.admin.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened, one line of {@code events.jsonl}; {@code docs/formats/events.md} has the fields.
 *
 * @param id greater than that of every event before; 0 until it is in the journal
 * @param actor who had a hand in it: a user's name, {@code cli}, {@code signal}, {@code file}, or {@code drover} itself
 * @param slot the worker it is about
 * @param pid the process it is about
 * @param operation the operation it belongs to
 * @param address where a user came from
 * @param crash the crash report that tells more, by its id
 * @param cause why, in one word
 * @param detail a sentence for people
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Event(
        long id,
        Instant at,
        Kind kind,
        String actor,
        Optional<Integer> slot,
        Optional<Long> pid,
        Optional<String> operation,
        Optional<String> address,
        Optional<String> crash,
        Optional<String> cause,
        Optional<String> detail) {

    /** Drover itself as an actor. */
    public static final String DROVER = "drover";

    /** A signal as an actor. */
    public static final String SIGNAL = "signal";

    /** The configuration's file as an actor: somebody changed it, and nobody said who. */
    public static final String FILE = "file";

    /** What happened. */
    public enum Kind {
        ADMIN_STARTED,
        ADMIN_STOPPED,
        ADMIN_PAUSED,
        MASTER_STARTED,
        MASTER_UP,
        MASTER_ADOPTED,
        MASTER_CRASHED,
        MASTER_HUNG,
        REGION_REPAIRED,
        WORKER_STARTED,
        WORKER_UP,
        WORKER_ADOPTED,
        /** It drains: a successor serves, or none is wanted. */
        WORKER_DRAINS,
        WORKER_LEFT,
        WORKER_CRASHED,
        WORKER_HUNG,
        WORKER_KILLED,
        /** It crashed once too often and is not started again. */
        WORKER_FAILED,
        COMMAND_ACCEPTED,
        COMMAND_REFUSED,
        OPERATION_ENDED,
        SIGNAL_RECEIVED,
        LOGS_REOPENED,
        LOGIN,
        LOGIN_REFUSED,
        LOGOUT,
        /** Somebody who is signed in wanted what his role does not allow. */
        ACCESS_REFUSED;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One that is not in the journal yet; say more of it with the methods below. */
    public static Event of(Kind kind, String actor) {
        return new Event(
                0,
                Instant.EPOCH,
                kind,
                actor,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** One of Drover's own doing. */
    public static Event of(Kind kind) {
        return of(kind, DROVER);
    }

    Event written(long number, Instant when) {
        return new Event(number, when, kind, actor, slot, pid, operation, address, crash, cause, detail);
    }

    /** About a worker. */
    public Event slot(int number) {
        return new Event(id, at, kind, actor, Optional.of(number), pid, operation, address, crash, cause, detail);
    }

    /** About a process. */
    public Event pid(long number) {
        return new Event(id, at, kind, actor, slot, Optional.of(number), operation, address, crash, cause, detail);
    }

    /** Part of an operation. */
    public Event operation(String name) {
        return new Event(id, at, kind, actor, slot, pid, Optional.of(name), address, crash, cause, detail);
    }

    /** By somebody from there. */
    public Event address(String from) {
        return new Event(id, at, kind, actor, slot, pid, operation, Optional.of(from), crash, cause, detail);
    }

    /** A crash report tells more of it, if there is one. */
    public Event crash(Optional<String> report) {
        return new Event(id, at, kind, actor, slot, pid, operation, address, report, cause, detail);
    }

    /** Why, in one word. */
    public Event cause(String why) {
        return new Event(id, at, kind, actor, slot, pid, operation, address, crash, Optional.of(why), detail);
    }

    /** What there is to say, in a sentence. */
    public Event detail(String sentence) {
        return new Event(id, at, kind, actor, slot, pid, operation, address, crash, cause, Optional.of(sentence));
    }
}
