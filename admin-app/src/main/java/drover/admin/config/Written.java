package drover.admin.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * What a file says of each key, and what overrules it.
 *
 * @param values by key; the elements of a list of plain values are one text
 * @param defaults of keys that the file leaves out
 * @param overruled keys whose value an argument or the environment gives, and where
 */
public record Written(Map<String, Value> values, Map<String, String> defaults, Map<String, Place> overruled) {

    public Written {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        defaults = Map.copyOf(defaults);
        overruled = Map.copyOf(overruled);
    }

    /** What stands in the file, and where. */
    public record Value(String text, Place place) {}

    static Written of(
            Optional<EnumerablePropertySource<?>> file,
            Map<String, Object> defaults,
            Iterable<ConfigurationPropertySource> above,
            Function<Optional<Origin>, Place> where) {
        var values = new LinkedHashMap<String, Value>();
        file.ifPresent(source -> {
            for (var name : source.getPropertyNames()) {
                var value = new Value(
                        String.valueOf(source.getProperty(name)),
                        where.apply(Optional.ofNullable(OriginLookup.getOrigin(source, name))));
                values.merge(
                        key(name), value, (first, next) -> new Value(first.text() + ", " + next.text(), first.place()));
            }
        });
        var otherwise = new LinkedHashMap<String, String>();
        defaults.forEach((key, value) -> otherwise.put(key(key), value.toString()));
        var overruled = new LinkedHashMap<String, Place>();
        for (var keys : java.util.List.of(values.keySet(), otherwise.keySet())) {
            keys.forEach(key ->
                    origin(above, key).ifPresent(origin -> overruled.put(key, where.apply(Optional.of(origin)))));
        }
        return new Written(values, otherwise, overruled);
    }

    private static Optional<Origin> origin(Iterable<ConfigurationPropertySource> sources, String key) {
        var name = ConfigurationPropertyName.adapt(key, '.');
        for (var source : sources) {
            for (var candidate : java.util.List.of(name, name.append("[0]"))) {
                var found = source.getConfigurationProperty(candidate);
                if (found != null && found.getOrigin() != null) {
                    return Optional.of(found.getOrigin());
                }
            }
        }
        return Optional.empty();
    }

    private static String key(String name) {
        return Keys.proper(name.replaceAll("\\[\\d+]$", ""));
    }

    /** What counts by the file alone; empty if that is nothing. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).map(Value::text).or(() -> Optional.ofNullable(defaults.get(key)));
    }

    /** Where the value of a key comes from. */
    public Place place(String key) {
        return Optional.ofNullable(overruled.get(key))
                .or(() -> Optional.ofNullable(values.get(key)).map(Value::place))
                .or(() -> values.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(key))
                        .map(entry -> entry.getValue().place())
                        .findFirst())
                .orElseGet(() -> Place.of("configuration"));
    }
}
