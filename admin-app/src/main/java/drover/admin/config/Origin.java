package drover.admin.config;

import java.util.Locale;

/** An origin as browsers send it, {@code https://app.example.org}, or {@code *}. */
public record Origin(String text) implements Scalar {

    public Origin {
        text = text.toLowerCase(Locale.ROOT);
        Scalar.require(
                text.equals("*") || text.matches("https?://[a-z0-9.-]{1,253}(:\\d{1,5})?"),
                "it must be an origin without a path, such as https://app.example.org, or *");
    }
}
