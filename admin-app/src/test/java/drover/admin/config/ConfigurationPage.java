package drover.admin.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of {@code docs/configure.md}. What a key is for comes from the metadata that Spring's annotation processor makes of
 * the Javadoc; defaults from where they are; ranges from the rules themselves: the annotations, or, for what a site says, the
 * words in which a value is refused that cannot be.
 */
final class ConfigurationPage {

    private static final Path METADATA = Path.of("target/classes/META-INF");

    private static final String HEAD = """
            # Configure

            Every key with its default, what it can be, and what it is for. This page is generated from the code: a test compares them.
            [config/drover.yml](../config/drover.yml) has the same keys with examples, ready to be uncommented.

            - Where from: an argument `--drover.KEY=VALUE` before the environment before the file before the default. The file is
              `config/drover.yml`, or what `DROVER_CONFIG` or `--config FILE` names; relative paths begin at Drover's own directory.
            - In the environment, `drover.admin.management-port` is `DROVER_ADMIN_MANAGEMENT_PORT`, and a list has commas.
              `DROVER_JAVA_HOME` names the Java to run on; it is no key.
            - A duration is `500ms`, `30s`, `5m`, `12h` or `7d`; a size `64KB`, `32MB` or `1GB`, in steps of 1024. An address block is
              `192.0.2.7`, `192.0.2.0/24` or `2001:db8::/32`.
            - What cannot be is refused with its line, before anything is changed: `drover config check`.
            - The last column says what a change of the file waits for: *reload* is `drover reload`, without a closed connection; *admin* the
              next start of admin, which the farm outlives; *farm* `drover down`, then `up`.

            """;

    private static final String SITES = """

            ## What a site says

            Below `drover.sites.NAME`; a change counts with the next *reload*. A directory of the document root that is not mentioned here is a
            site by its own name. `[]` are the entries of a list; a name with dots stands in quotes and brackets: `"[example.org]"`.

            """;

    private final Map<String, String> descriptions = new LinkedHashMap<>();
    private final Map<String, Object> defaults = ConfigLoader.defaults();
    private final Map<String, String> refusals;
    private final List<String> keys = new ArrayList<>();

    /**
     * One that reads the metadata of what was compiled.
     *
     * @param refusals of site keys, the words in which an impossible value is refused
     */
    ConfigurationPage(Map<String, String> refusals) throws IOException {
        this.refusals = refusals;
        read("", METADATA.resolve("spring-configuration-metadata.json"));
        try (var sources = Files.list(METADATA.resolve("spring/configuration-metadata"))) {
            for (var source : sources.toList()) {
                read(source.getFileName().toString().replaceFirst("\\.json$", "") + " ", source);
            }
        }
    }

    private void read(String prefix, Path metadata) throws IOException {
        var properties = JsonMapper.builder()
                .build()
                .readTree(Files.readString(metadata))
                .path("properties");
        for (JsonNode property : properties) {
            descriptions.put(
                    prefix + property.path("name").asString(),
                    property.path("description").asString(""));
        }
    }

    /** The keys that the page has, as {@link Keys} writes them. */
    List<String> keys() {
        return List.copyOf(keys);
    }

    /** The page. */
    String text() {
        keys.clear();
        var farm = new ArrayList<String>();
        var site = new ArrayList<String>();
        rows("drover", "drover", DroverProperties.class, farm, site);
        return HEAD
                + table(
                        "| key | default | what it can be | what it is for | waits for |\n|---|---|---|---|---|\n",
                        farm)
                + SITES
                + table("| key | default | what it can be | what it is for |\n|---|---|---|---|\n", site);
    }

    private static String table(String head, List<String> rows) {
        return head + String.join("", rows);
    }

    /**
     * Adds the rows of a record.
     *
     * @param key as {@link Keys} writes it
     * @param shown the same with what is a list
     */
    private void rows(String key, String shown, Class<?> type, List<String> farm, List<String> site) {
        var parameters = constructor(type).getParameters();
        var components = type.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            var name = name(components[i], parameters[i]);
            var below = key + "." + name;
            var is = ResolvableType.forType(components[i].getGenericType());
            var suffix = "";
            if (is.resolve() == Map.class) {
                below += ".*";
                suffix = below.equals("drover.sites.*") ? ".NAME" : ".*";
                is = is.getGeneric(1);
            } else if (is.resolve() == List.class && isGroup(is.getGeneric(0))) {
                suffix = "[]";
                is = is.getGeneric(0);
            }
            if (isGroup(is)) {
                rows(below, shown + "." + name + suffix, is.resolve(Object.class), farm, site);
            } else {
                keys.add(below);
                var written = shown + "." + name + suffix;
                var what = description(key, below, type, name);
                if (below.startsWith("drover.sites.")) {
                    var relative = written.substring("drover.sites.NAME.".length());
                    site.add(row(relative, defaultOf(parameters[i]), siteValue(below, is), what));
                } else {
                    farm.add(row(written, defaultOf(below), value(components[i], type, is), what)
                            .replaceFirst("\n$", " " + waits(below) + " |\n"));
                }
            }
        }
    }

    private static boolean isGroup(ResolvableType type) {
        var raw = type.resolve(Object.class);
        return raw.isRecord() && !Scalar.class.isAssignableFrom(raw);
    }

    private static Constructor<?> constructor(Class<?> type) {
        return type.getDeclaredConstructors()[0];
    }

    private static String name(RecordComponent component, Parameter parameter) {
        var named = parameter.getAnnotation(Name.class);
        return named == null
                ? component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)
                : named.value();
    }

    private static String row(String key, String byDefault, String value, String what) {
        return Stream.of("`" + key + "`", byDefault, value.replace("*", "\\*"), what)
                        .map(cell -> cell.replace("|", "\\|"))
                        .reduce("|", (row, cell) -> row + " " + cell + " |")
                + "\n";
    }

    private String description(String group, String key, Class<?> type, String name) {
        var isSite = key.startsWith("drover.sites.");
        var said = descriptions.getOrDefault(isSite ? type.getName() + " " + name : group + "." + name, "");
        return said.replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .replaceAll("\\.$", "");
    }

    // ---- defaults

    private String defaultOf(String key) {
        return Optional.ofNullable(defaults.get(key))
                .map(value -> "`" + value.toString().replaceFirst("(/drover-)\\d+$", "$1UID") + "`")
                .orElse("none");
    }

    private static String defaultOf(Parameter parameter) {
        var written = parameter.getAnnotation(DefaultValue.class);
        return written == null || written.value().length == 0 ? "none" : "`" + String.join(", ", written.value()) + "`";
    }

    // ---- what can be

    private static String value(RecordComponent component, Class<?> type, ResolvableType is) {
        var raw = is.resolve(Object.class);
        boolean isList = raw == List.class;
        var element = isList
                ? is.getGeneric(0).resolve(Object.class)
                : raw == Optional.class ? is.getGeneric(0).resolve(Object.class) : raw;
        var rule = withoutMust(rule(component, type));
        var kind = kind(element);
        return (isList ? "list: " : "")
                + Stream.of(kind, rule)
                        .filter(part -> !part.isEmpty())
                        .reduce((one, other) -> one + ", " + other)
                        .orElse("text");
    }

    private static String kind(Class<?> type) {
        if (type == boolean.class) {
            return "`true` or `false`";
        }
        return type == Duration.class
                ? "duration"
                : type == DataSize.class
                        ? "size"
                        : type == Path.class ? "path" : type == AddressBlock.class ? "address blocks" : "";
    }

    private static String rule(RecordComponent component, Class<?> type) {
        var least = on(type, component, Min.class).map(Min::value);
        var most = on(type, component, Max.class).map(Max::value);
        if (least.isPresent() && most.isPresent()) {
            return "%,d to %,d".formatted(least.get(), most.get());
        }
        return on(type, component, Pattern.class)
                .map(Pattern::message)
                .or(() -> Stream.of(type.getDeclaredMethods())
                        .filter(method -> method.getName().equalsIgnoreCase("is" + component.getName() + "Valid"))
                        .flatMap(method -> Optional.ofNullable(method.getAnnotation(AssertTrue.class)).stream())
                        .map(AssertTrue::message)
                        .findFirst())
                .orElse("");
    }

    private static <A extends Annotation> Optional<A> on(
            Class<?> type, RecordComponent component, Class<A> annotation) {
        return Stream.of(constructor(type).getParameters())
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .flatMap(parameter -> Optional.ofNullable(parameter.getAnnotation(annotation)).stream())
                .findFirst();
    }

    private String siteValue(String key, ResolvableType is) {
        var raw = is.resolve(Object.class);
        var element =
                raw == List.class || raw == Optional.class ? is.getGeneric(0).resolve(Object.class) : raw;
        var kind = kind(element);
        var refused = Optional.ofNullable(refusals.get(key))
                .map(words -> withoutMust(words.replaceFirst("^(it|[a-z-]+|the value of X-A) must", "must")))
                .orElse("");
        var words = kind.equals("address blocks") || refused.isEmpty()
                ? kind
                : kind.isEmpty() ? refused : kind + ", " + refused;
        return (raw == List.class ? "list: " : "") + words;
    }

    /** {@code must be at least 1MB} in a table. */
    private static String withoutMust(String rule) {
        return rule.replaceFirst("^must (be )?", "")
                .replaceFirst("^not be ", "not ")
                .replaceFirst("^[a-z-]+ are ", "");
    }

    private static String waits(String key) {
        return switch (ConfigChange.needs(key)) {
            case WORKERS, POOL, LISTEN -> "reload";
            case ADMIN_RESTART -> "admin";
            case FARM_RESTART -> "farm";
        };
    }
}
