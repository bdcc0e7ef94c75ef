package drover.admin.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a site says with every answer to keep browsers from helping attackers: {@code true}, {@code strict}, or nothing. */
public record SecurityHeaders(String text) implements Scalar {

    private static final List<String> USUAL = List.of(
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "X-Frame-Options: SAMEORIGIN",
            "Cross-Origin-Opener-Policy: same-origin",
            "Permissions-Policy: camera=(), geolocation=(), microphone=()");

    /** For sites that load nothing from elsewhere and have no script or style within their pages. */
    private static final List<String> STRICT = List.of(
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer",
            "X-Frame-Options: DENY",
            "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                    + "object-src 'none'",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Resource-Policy: same-origin",
            "Permissions-Policy: accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
                    + "microphone=(), payment=(), usb=()",
            "X-Permitted-Cross-Domain-Policies: none");

    private static final Map<String, List<String>> PRESETS =
            Map.of("false", List.of(), "true", USUAL, "strict", STRICT);

    public SecurityHeaders {
        Scalar.require(PRESETS.containsKey(text), "it must be true, strict or false");
    }

    /** Each {@code Name: value}. */
    List<String> fields() {
        return Objects.requireNonNull(PRESETS.get(text));
    }
}
