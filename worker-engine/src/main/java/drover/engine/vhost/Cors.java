package drover.engine.vhost;

import java.util.List;

/**
 * Which pages of other origins may read a site's answers, Fetch §3.2. Off without origins.
 *
 * @param origins as browsers send them, or only {@code *}
 */
public record Cors(List<String> origins, String methods, String headers, long maxAgeSeconds, boolean credentials) {

    /** The most that {@link #fields} and {@link #preflightFields} add to a head; admin keeps lists below it. */
    public static final int MAX_BYTES = 2048;

    static final Cors OFF = new Cors(List.of(), "", "", 0, false);

    public Cors {
        origins = List.copyOf(origins);
    }

    public boolean isOff() {
        return origins.isEmpty();
    }

    private boolean isForAll() {
        return origins.getFirst().equals("*");
    }

    private boolean allows(String origin) {
        return isForAll() || origins.contains(origin);
    }

    /**
     * The fields of any answer. Where the answer depends on the origin it says so even to a request without one, so that no
     * cache gives it to another.
     *
     * @param origin as sent, or empty
     */
    public String fields(String origin) {
        if (isForAll()) {
            return "Access-Control-Allow-Origin: *\r\n";
        }
        var vary = "Vary: Origin\r\n";
        return allows(origin)
                ? vary + "Access-Control-Allow-Origin: " + origin + "\r\n"
                        + (credentials ? "Access-Control-Allow-Credentials: true\r\n" : "")
                : vary;
    }

    /** What the answer to a preflight says besides. */
    public String preflightFields(String origin) {
        if (!allows(origin)) {
            return "";
        }
        return "Access-Control-Allow-Methods: " + methods + "\r\n"
                + (headers.isEmpty() ? "" : "Access-Control-Allow-Headers: " + headers + "\r\n")
                + "Access-Control-Max-Age: " + maxAgeSeconds + "\r\n";
    }
}
