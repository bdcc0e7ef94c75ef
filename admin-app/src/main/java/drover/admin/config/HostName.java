package drover.admin.config;

import java.util.Locale;

/** A host name, {@code *.example.org} or {@code www.example.*}; in lower case. */
public record HostName(String text) implements Scalar {

    private static final String LABELS = "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*";
    private static final String FORM = "(\\*\\.)?" + LABELS + "|" + LABELS + "\\.\\*|\\[[0-9a-f:.]+]";

    public HostName {
        text = text.strip().toLowerCase(Locale.ROOT).replaceFirst("(?<=[^.*])\\.$", "");
        Scalar.require(
                text.length() <= 253 && text.matches(FORM),
                "it must be a host name without a port, *.example.org or www.example.*");
    }
}
