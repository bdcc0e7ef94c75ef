package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import drover.engine.http.EntityTag;
import drover.engine.http.Field;
import drover.engine.http.HttpDate;
import drover.engine.http.Parsing;
import drover.engine.http.Preconditions;
import drover.engine.http.Preconditions.Outcome;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Validators;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * Any bytes as the field lines of a request, and everything that reads fields: accepted codings, conditions, tags, dates. A
 * second reading of what was read gives the same.
 */
public final class FieldsTarget {

    private static final byte[] BEFORE = "GET / HTTP/1.1\r\nHost: drover.test\r\n".getBytes(ISO_8859_1);
    private static final byte[] BEHIND = "\r\n\r\n".getBytes(ISO_8859_1);

    private static final long NOW = 1_800_000_000;
    private static final Validators CURRENT =
            new Validators(new EntityTag("xyzzy", false), OptionalLong.of(784_111_777));
    private static final Validators UNDATED = new Validators(new EntityTag("xyzzy", true), OptionalLong.empty());

    private FieldsTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        var head = new ByteArrayOutputStream();
        head.writeBytes(BEFORE);
        head.writeBytes(input);
        head.writeBytes(BEHIND);
        var parser = new RequestParser();
        if (parser.feed(head.toByteArray(), 0, head.size()) instanceof Parsing.Complete) {
            TimeLimit.hold(() -> readAll(parser.request()));
            check(parser.request());
        }
    }

    /** As answering a request does. */
    private static boolean readAll(Request request) {
        var order = AcceptEncoding.of(request).order();
        var outcome = Preconditions.evaluate(request, CURRENT, NOW);
        return Preconditions.rangeApplies(request, CURRENT, NOW) && outcome == Outcome.PROCEED && order.size() > 1;
    }

    private static void check(Request request) {
        checkCodings(request);
        checkConditions(request);
        for (var field : Field.values()) {
            if (request.has(field)) {
                checkTags(request.value(field));
                checkDate(request.value(field));
            }
        }
    }

    private static void checkCodings(Request request) {
        var accepted = AcceptEncoding.of(request);
        var order = accepted.order();
        Broken.unless(order.contains(ContentCoding.IDENTITY), "identity is not taken: " + order);
        Broken.unless(new HashSet<>(order).size() == order.size(), "a coding comes twice: " + order);
        Broken.unless(accepted.ofPart() == request.has(Field.RANGE), "a part is asked for, or not");
        Broken.unless(
                request.has(Field.ACCEPT_ENCODING) || order.equals(AcceptEncoding.IDENTITY_ONLY.order()),
                "takes codings without saying so: " + order);
    }

    /** RFC 9110 §13.2.2, as far as it follows from which conditions there are. */
    private static void checkConditions(Request request) {
        boolean match = request.has(Field.IF_MATCH);
        boolean unmodified = request.has(Field.IF_UNMODIFIED_SINCE);
        boolean noneMatch = request.has(Field.IF_NONE_MATCH);
        boolean modified = request.has(Field.IF_MODIFIED_SINCE);
        var outcome = Preconditions.evaluate(request, CURRENT, NOW);
        var undated = Preconditions.evaluate(request, UNDATED, NOW);

        Broken.unless(outcome != Outcome.FAILED || match || unmodified, "failed without a condition");
        Broken.unless(outcome != Outcome.NOT_MODIFIED || noneMatch || modified, "not modified without a condition");
        Broken.unless(undated != Outcome.FAILED || match, "failed by a date that is not there");
        Broken.unless(undated != Outcome.NOT_MODIFIED || noneMatch, "not modified by a date that is not there");
        if (match) {
            boolean any = request.value(Field.IF_MATCH).equals("*");
            Broken.unless(!any || outcome != Outcome.FAILED, "any tag would do");
            Broken.unless(any || undated == Outcome.FAILED, "a weak tag matches strongly");
        }
        if (request.has(Field.IF_RANGE)) {
            boolean weak = Preconditions.rangeApplies(request, UNDATED, NOW);
            Broken.unless(!weak, "a range of what has neither strong tag nor date");
        } else {
            Broken.unless(Preconditions.rangeApplies(request, CURRENT, NOW), "no condition, and not met");
        }
    }

    private static void checkTags(String value) {
        var tags = EntityTag.parseList(value);
        var written = new StringBuilder();
        tags.forEach(tag -> written.append(written.isEmpty() ? "" : ", ").append(tag));
        Broken.unless(
                EntityTag.parseList(written.toString()).equals(tags), "tags are others when they are written anew");
        EntityTag.parse(value).ifPresent(tag -> Broken.unless(tags.equals(List.of(tag)), "one tag, or a list"));
    }

    private static void checkDate(String value) {
        var date = HttpDate.parse(value, NOW);
        if (date.isPresent()) {
            var written = new String(HttpDate.bytes(Instant.ofEpochSecond(date.getAsLong())), ISO_8859_1);
            Broken.unless(
                    HttpDate.parse(written, NOW).equals(date), "a date is another when it is written anew: " + written);
        }
    }
}
