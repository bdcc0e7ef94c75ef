package drover.engine.http;

import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Whether a GET or HEAD is to be done, RFC 9110 §13: the client's conditions against what the resource is now. A date that
 * cannot be read, or one where the resource has none, is no condition. A list of tags that cannot be read matches nothing:
 * who asked for a match is refused, who asked for news gets them.
 */
public final class Preconditions {

    /** What follows from all conditions but {@code If-Range}. */
    public enum Outcome {
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    private Preconditions() {}

    /** Evaluates in the order of §13.2.2; allocates nothing for a request without conditions. */
    public static Outcome evaluate(Request request, Validators current, long nowSeconds) {
        if (request.has(Field.IF_MATCH)) {
            if (!matches(request.value(Field.IF_MATCH), current.etag()::isStronglyEqual)) {
                return Outcome.FAILED;
            }
        } else if (request.has(Field.IF_UNMODIFIED_SINCE)) {
            var since = date(request, Field.IF_UNMODIFIED_SINCE, current, nowSeconds);
            if (since.isPresent() && current.lastModified().orElseThrow() > since.getAsLong()) {
                return Outcome.FAILED;
            }
        }
        if (request.has(Field.IF_NONE_MATCH)) {
            if (isOurs(request, Field.IF_NONE_MATCH, current)
                    || matches(request.value(Field.IF_NONE_MATCH), current.etag()::isWeaklyEqual)) {
                return Outcome.NOT_MODIFIED;
            }
        } else if (request.has(Field.IF_MODIFIED_SINCE)) {
            var since = date(request, Field.IF_MODIFIED_SINCE, current, nowSeconds);
            if (since.isPresent() && current.lastModified().orElseThrow() <= since.getAsLong()) {
                return Outcome.NOT_MODIFIED;
            }
        }
        return Outcome.PROCEED;
    }

    /** The condition of a client that comes back with the tag it was given: the common case, told without an allocation. */
    private static boolean isOurs(Request request, Field field, Validators current) {
        return !request.isRepeated(field)
                && current.etag().isAll(request.bytes(), request.valueStart(field), request.valueEnd(field));
    }

    private static boolean matches(String condition, Predicate<EntityTag> equal) {
        return condition.equals("*") || EntityTag.parseList(condition).stream().anyMatch(equal);
    }

    /** Empty if there is nothing to compare: the date cannot be read, or the resource has none. */
    private static OptionalLong date(Request request, Field field, Validators current, long nowSeconds) {
        return current.lastModified().isPresent()
                ? HttpDate.parse(request.value(field), nowSeconds)
                : OptionalLong.empty();
    }

    /**
     * Whether the client's part and ours belong together, RFC 9110 §13.1.5, or nobody asked. A date must be exactly ours, and
     * over for at least a second: within its second the file may have changed twice.
     */
    public static boolean rangeApplies(Request request, Validators current, long nowSeconds) {
        if (!request.has(Field.IF_RANGE)) {
            return true;
        }
        var condition = request.value(Field.IF_RANGE);
        if (condition.endsWith("\"")) {
            return EntityTag.parse(condition)
                    .filter(current.etag()::isStronglyEqual)
                    .isPresent();
        }
        var date = HttpDate.parse(condition, nowSeconds);
        return date.isPresent() && date.equals(current.lastModified()) && date.getAsLong() < nowSeconds;
    }
}
