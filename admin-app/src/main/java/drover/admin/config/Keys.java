package drover.admin.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.ResolvableType;

/** The keys there are, read off {@link DroverProperties}, and the nearest one to a misspelt one. */
final class Keys {

    private static final String PREFIX = "drover";
    /** Stands in a key for a name that the operator chooses. */
    private static final String ANY = "*";

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]|(?<=.)_\\d+$");
    /** A name that Spring takes as it is; of one without brackets it would leave other characters out. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+|\\[.*]");

    private static final Pattern ELEMENT = Pattern.compile("\\[([^]]*)]|([^.\\[\\]]+)");

    private static final List<String> ALL = of(PREFIX, DroverProperties.class);

    private Keys() {}

    /** Every key there is; {@code *} stands for a name that the operator chooses. */
    static List<String> all() {
        return ALL;
    }

    private static List<String> of(String prefix, Class<?> type) {
        var keys = new ArrayList<String>();
        var parameters = type.getDeclaredConstructors()[0].getParameters();
        var components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            var named = parameters[i].getAnnotation(Name.class);
            var name = named == null ? kebabCase(components[i].getName()) : named.value();
            keys.addAll(of(prefix + "." + name, ResolvableType.forType(components[i].getGenericType())));
        }
        return List.copyOf(keys);
    }

    private static List<String> of(String key, ResolvableType type) {
        var raw = type.resolve(Object.class);
        if (raw == Map.class) {
            return of(key + "." + ANY, type.getGeneric(1));
        }
        if (raw == List.class) {
            return of(key, type.getGeneric(0));
        }
        return raw.isRecord() && !Scalar.class.isAssignableFrom(raw) ? of(key, raw) : List.of(key);
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
        var elements = elements(key);
        return ALL.stream()
                .anyMatch(known -> known.contains(ANY)
                        ? matches(known.split("\\.", -1), 0, elements, 0)
                        : uniform(known).equals(uniform));
    }

    /** A key as config/drover.yml spells it; one with indices or names of the operator's within stays as it is. */
    static String proper(String key) {
        var uniform = uniform(key);
        return INDEX.matcher(key).find()
                ? key
                : ALL.stream()
                        .filter(known -> !known.contains(ANY) && uniform(known).equals(uniform))
                        .findFirst()
                        .orElse(key);
    }

    private static List<String> elements(String key) {
        return ELEMENT.matcher(key).results().map(MatchResult::group).toList();
    }

    private static boolean matches(String[] known, int at, List<String> elements, int next) {
        if (next == elements.size()) {
            return at == known.length;
        }
        var element = elements.get(next);
        // A number in brackets is the index of a list, or a name that YAML took for a number.
        return (INDEX.matcher(element).matches() && matches(known, at, elements, next + 1))
                || (at < known.length
                        && ((known[at].equals(ANY) && NAME.matcher(element).matches())
                                || uniform(known[at]).equals(uniform(element)))
                        && matches(known, at + 1, elements, next + 1));
    }

    /** The known key with the names that the operator chose in their places. */
    private static String withNamesOf(String misspelt, String known) {
        var elements = elements(INDEX.matcher(misspelt).replaceAll(""));
        var parts = known.split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].equals(ANY) && i < elements.size() ? elements.get(i) : parts[i];
        }
        return String.join(".", parts);
    }

    /** The same for the name of an environment variable, {@code DROVER_ADMIN_PORT}. */
    static String environmentName(String key) {
        return key.replace('.', '_').replace("-", "_").toUpperCase(Locale.ROOT);
    }

    /** The key nearest to a misspelt one as it is written, if any is near; spelt by {@code spelling}. */
    static Optional<String> nearest(String misspelt, Function<String, String> spelling) {
        return ALL.stream()
                .map(known -> withNamesOf(misspelt, known))
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
