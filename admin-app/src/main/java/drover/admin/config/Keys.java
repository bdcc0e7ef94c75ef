package drover.admin.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** The keys there are, read off {@link DroverProperties}, and the nearest one to a misspelt one. */
final class Keys {

    private static final String PREFIX = "drover";
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]|(?<=.)_\\d+$");

    private static final List<String> ALL = of(PREFIX, DroverProperties.class);

    private Keys() {}

    private static List<String> of(String prefix, Class<?> type) {
        var keys = new ArrayList<String>();
        for (RecordComponent component : type.getRecordComponents()) {
            var key = prefix + "." + kebabCase(component.getName());
            if (component.getType().isRecord()) {
                keys.addAll(of(key, component.getType()));
            } else {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static boolean isOurs(String key) {
        return uniform(key).startsWith(PREFIX);
    }

    /** Whether a key, spelt in any of the ways Spring allows, is one of ours; indices of lists are left out. */
    static boolean isKnown(String key) {
        var uniform = uniform(key);
        return ALL.stream().anyMatch(known -> uniform(known).equals(uniform));
    }

    /** The same for the name of an environment variable, {@code DROVER_ADMIN_PORT}. */
    static String environmentName(String key) {
        return key.replace('.', '_').replace("-", "_").toUpperCase(Locale.ROOT);
    }

    /** The key nearest to a misspelt one as it is written, if any is near; spelt by {@code spelling}. */
    static Optional<String> nearest(String misspelt, Function<String, String> spelling) {
        return ALL.stream()
                .map(spelling)
                .min(Comparator.comparingInt(known -> distance(known, misspelt)))
                .filter(known -> distance(known, misspelt) <= Math.max(2, misspelt.length() / 3));
    }

    private static String uniform(String key) {
        return INDEX.matcher(key).replaceAll("").replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }

    /** The key's own name, for a message. */
    static String canonical(ConfigurationPropertyName name) {
        return INDEX.matcher(name.toString()).replaceAll("");
    }

    /** Levenshtein's edit distance. */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
