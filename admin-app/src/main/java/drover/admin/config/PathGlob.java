package drover.admin.config;

/** A pattern of paths: {@code *} is anything without a slash, {@code **} anything. */
public record PathGlob(String text) implements Scalar {

    private static final int MAX_WILDCARDS = 9;

    public PathGlob {
        Scalar.require(isPattern(text), "it must be a pattern of decoded paths, such as /assets/** or /*.html");
        Scalar.require(text.chars().filter(c -> c == '*').count() <= 2 * MAX_WILDCARDS, "it has too many wildcards");
    }

    static boolean isPattern(String text) {
        return text.matches("/[^\\\\\\p{Cntrl}?#%]*") && !text.contains("***") && !text.contains("//");
    }

    int wildcards() {
        return (int) text.replace("**", "*").chars().filter(c -> c == '*').count();
    }
}
