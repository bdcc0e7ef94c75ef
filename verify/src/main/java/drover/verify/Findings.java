package drover.verify;

import drover.verify.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What a check has found so far. Each finding is shown as it comes. Any thread may add. */
public final class Findings {

    private final List<Finding> found = new ArrayList<>();
    private final Consumer<Finding> shown;

    /** Findings that are handed to {@code shown} one by one. */
    public Findings(Consumer<Finding> shown) {
        this.shown = shown;
    }

    /** {@code measured} must not be above {@code limit}; what is not a number is. */
    public void atMost(String what, double measured, double limit, String unit) {
        judge(what, number(measured, unit), "≤ " + number(limit, unit), measured <= limit);
    }

    /** A count must not be above {@code limit}. */
    public void atMost(String what, long measured, long limit) {
        judge(what, count(measured), "≤ " + count(limit), measured <= limit);
    }

    /** A count must not be below {@code limit}. */
    public void atLeast(String what, long measured, long limit) {
        judge(what, count(measured), "≥ " + count(limit), measured >= limit);
    }

    /** {@code measured} must not be below {@code limit}; what is not a number is. */
    public void atLeast(String what, double measured, double limit, String unit) {
        judge(what, number(measured, unit), "≥ " + number(limit, unit), measured >= limit);
    }

    /** A count must be {@code expected}. */
    public void exactly(String what, long measured, long expected) {
        judge(what, count(measured), count(expected), measured == expected);
    }

    /** Something must be so; {@code measured} says how it is, {@code figure} how it has to be. */
    public void judge(String what, String measured, String figure, boolean kept) {
        add(new Finding(what, measured, figure, kept ? Verdict.PASS : Verdict.FAIL));
    }

    /** Something was broken that must never be. */
    public void fail(String what, String why) {
        add(new Finding(what, why, "", Verdict.FAIL));
    }

    /** It cannot be tried on this machine. */
    public void skip(String what, String why) {
        add(new Finding(what, why, "", Verdict.SKIPPED));
    }

    /** Something to know beside what is promised. */
    public void note(String what, String measured) {
        add(new Finding(what, measured, "", Verdict.NOTE));
    }

    private synchronized void add(Finding finding) {
        found.add(finding);
        shown.accept(finding);
    }

    /** Everything so far, in the order in which it was found. */
    public synchronized List<Finding> all() {
        return List.copyOf(found);
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String number(double number, String unit) {
        var digits = number == Math.rint(number) || Math.abs(number) >= 1000
                ? "%,.0f"
                : Math.abs(number) >= 10 ? "%.1f" : "%.2f";
        return (String.format(Locale.ROOT, digits, number) + " " + unit).strip();
    }
}
