package drover.admin.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A key that another configuration says something else of.
 *
 * @param before empty where nothing was said and there is no default
 * @param needs what must happen so that it counts
 * @param overruled where an argument or the environment says otherwise: then it does not count at all
 */
public record ConfigChange(
        String key, Optional<String> before, Optional<String> after, Needs needs, Optional<String> overruled) {

    /** What a change needs. */
    public enum Needs {
        /** Workers that are started with it, one after the other. */
        WORKERS,
        /** More or fewer workers. */
        POOL,
        /** The master listens there and no longer there. */
        LISTEN,
        /** Another admin: {@code drover up} anew, while the farm serves on. */
        ADMIN_RESTART,
        /** Another farm: {@code drover down}, then {@code up}. */
        FARM_RESTART;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Everything that differs, by key. */
    public static List<ConfigChange> between(ConfigLoader.Loaded before, ConfigLoader.Loaded after) {
        var keys = new TreeSet<>(before.written().values().keySet());
        keys.addAll(after.written().values().keySet());
        var changes = new ArrayList<ConfigChange>();
        for (var key : keys) {
            var old = before.written().value(key);
            var now = after.written().value(key);
            if (!old.equals(now)) {
                var overruled = Optional.ofNullable(after.written().overruled().get(key));
                changes.add(new ConfigChange(key, old, now, needs(key), overruled.map(Place::toString)));
            }
        }
        return List.copyOf(changes);
    }

    static Needs needs(String key) {
        return switch (key) {
            case "drover.listen" -> Needs.LISTEN;
            case "drover.workers" -> Needs.POOL;
            case "drover.event-loops",
                    "drover.run-directory",
                    "drover.statistics.virtual-hosts",
                    "drover.statistics.requests" -> Needs.FARM_RESTART;
            case "drover.state-directory", "drover.log-directory", "drover.log-rotate-size", "drover.log-keep" ->
                Needs.ADMIN_RESTART;
            default -> key.startsWith("drover.admin.") ? Needs.ADMIN_RESTART : Needs.WORKERS;
        };
    }

    /** The same without password hashes. */
    public ConfigChange withoutSecrets() {
        return new ConfigChange(key, before.map(Secrets::hidden), after.map(Secrets::hidden), needs, overruled);
    }
}
