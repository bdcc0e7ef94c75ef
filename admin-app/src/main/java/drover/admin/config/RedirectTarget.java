package drover.admin.config;

import java.util.regex.Pattern;

/** A path or a URL; {@code $1} is what the first wildcard stood for. It may not stand where it could name another host. */
public record RedirectTarget(String text) implements Scalar {

    private static final Pattern CAPTURE = Pattern.compile("\\$(.|$)");
    private static final String REST = "[\\x21-\\x7e&&[^\\\\\"<>^`{|}]]*";

    public RedirectTarget {
        Scalar.require(
                text.matches("/(?!/)" + REST) || text.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/" + REST + ")?"),
                "it must be a path such as /new/$1, or an absolute URL with a fixed host, encoded");
    }

    static void requireCaptures(String to, PathGlob from) {
        CAPTURE.matcher(to).results().forEach(capture -> {
            var number = capture.group(1);
            Scalar.require(
                    number.matches("[1-9]") && Integer.parseInt(number) <= from.wildcards(),
                    "to has $" + number + ", and from has " + from.wildcards() + " wildcards");
        });
    }
}
