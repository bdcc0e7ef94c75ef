package drover.engine.files;

import drover.engine.files.Listing.Entry;
import drover.engine.http.HttpDate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/**
 * Writes listings. Names are whatever somebody could create a file as, so all of them are text: in HTML what has a meaning is
 * escaped and what cannot be shown is U+FFFD, links are relative and encoded, so that none has a scheme or a host.
 */
final class ListingText {

    private static final String UNRESERVED = "-._~";
    private static final char UNKNOWN = '\ufffd';

    private ListingText() {}

    static String of(Listing listing, String path, ListingForm form) {
        return switch (form) {
            case HTML -> html(listing, path);
            case JSON -> json(listing);
        };
    }

    // ---- for people

    private static String html(Listing listing, String path) {
        var page = new StringBuilder("""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>Index of %1$s</title>
                <style>
                :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
                body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
                table { border-collapse: collapse; width: 100%% }
                th, td { padding: .2rem .5rem; text-align: left; overflow-wrap: anywhere }
                th + th, td + td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
                tbody tr:hover { background: #8882 }
                </style>
                <h1>Index of <bdi>%1$s</bdi></h1>
                <table>
                <thead><tr><th scope="col">Name<th scope="col">Bytes<th scope="col">Modified, UTC
                <tbody>
                """.formatted(escaped(path)));
        if (!path.equals("/")) {
            page.append("<tr><td><a href=\"../\">../</a><td><td>\n");
        }
        listing.entries().forEach(entry -> row(entry, page));
        page.append("</table>\n");
        if (listing.cut()) {
            page.append("<p>Only ").append(Listing.MOST_ENTRIES).append(" entries are shown; there are more.</p>\n");
        }
        return page.append("</html>\n").toString();
    }

    private static void row(Entry entry, StringBuilder page) {
        var slash = entry.directory() ? "/" : "";
        var text = "<bdi>" + escaped(entry.name()) + "</bdi>" + slash;
        page.append("<tr><td>");
        if (entry.isReachable()) {
            page.append("<a href=\"")
                    .append(encoded(entry.name()))
                    .append(slash)
                    .append("\">");
            page.append(text).append("</a>");
        } else {
            page.append(text);
        }
        page.append("<td>").append(entry.directory() ? "" : Long.toString(entry.size()));
        page.append("<td>").append(time(entry.modifiedSeconds())).append('\n');
    }

    private static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) ? UNKNOWN : c);
            }
        }
        return escaped.toString();
    }

    private static String encoded(String name) {
        var encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && (Character.isLetterOrDigit(octet) || UNRESERVED.indexOf(octet) >= 0)) {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("%%%02X", octet));
            }
        }
        return encoded.toString();
    }

    // ---- for programs, as nginx's autoindex writes it

    private static String json(Listing listing) {
        return listing.entries().stream().map(ListingText::object).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private static String object(Entry entry) {
        var date =
                new String(HttpDate.bytes(Instant.ofEpochSecond(entry.modifiedSeconds())), StandardCharsets.US_ASCII);
        return "{ \"name\":\"" + jsonText(entry.name()) + "\", \"type\":\"" + (entry.directory() ? "directory" : "file")
                + "\", \"mtime\":\"" + date + "\"" + (entry.directory() ? "" : ", \"size\":" + entry.size()) + " }";
    }

    private static String jsonText(String text) {
        var escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // What could end a script element is escaped, too: somebody will put it into one.
            if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
