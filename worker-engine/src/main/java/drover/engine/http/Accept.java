package drover.engine.http;

import java.util.Locale;

/** What media types a client wants, RFC 9110 §12.5.1, as far as one has to be chosen from two. */
public final class Accept {

    private static final String HTML = "text/html";
    private static final String JSON = "application/json";

    /** How exactly a media range names a type: by {@code *}{@code /*}, by its first half, or in full. */
    private record Wish(int exactness, double weight) {

        Wish or(Wish other) {
            return other.exactness > exactness ? other : this;
        }
    }

    private Accept() {}

    /** Whether JSON is wanted rather than HTML: by its weight, and if that is equal by being named in full. */
    public static boolean prefersJson(Request request) {
        return request.has(Field.ACCEPT) && prefersJson(request.value(Field.ACCEPT));
    }

    static boolean prefersJson(String value) {
        var json = new Wish(-1, 0);
        var html = json;
        for (var range : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            var parts = range.split(";", -1);
            var type = parts[0].strip();
            json = json.or(new Wish(exactness(type, JSON), weight(parts)));
            html = html.or(new Wish(exactness(type, HTML), weight(parts)));
        }
        return json.weight > html.weight
                || (json.weight > 0 && json.weight == html.weight && json.exactness > html.exactness);
    }

    private static int exactness(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals("*/*")) {
            return 0;
        }
        return range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)) ? 1 : -1;
    }

    /** 1 if there is none; 0 if it is none that the RFC knows. */
    private static double weight(String... parts) {
        for (var part : parts) {
            var parameter = part.strip();
            if (parameter.startsWith("q=")) {
                var weight = parameter.substring(2).strip();
                return weight.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(weight) : 0;
            }
        }
        return 1;
    }
}
