package drover.admin.config;

import jakarta.validation.Validation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads the configuration, for the app and for the command line alike: arguments before environment before file before
 * defaults. Strict: an unknown key or a bad value is refused with one line that says where it stands, what is wrong, and what
 * was perhaps meant.
 */
public final class ConfigLoader {

    private static final String CONFIG_ARGUMENT = "--config";
    private static final int MAX_BYTES = 256 << 10;

    /** The file, where no argument names another one: for units, images and shells that always mean the same Drover. */
    private static final String CONFIG_VARIABLE = "DROVER_CONFIG";

    /** No settings: the other one names the JDK, which must be known before there is a Java program to read any. */
    private static final Set<String> NO_SETTINGS = Set.of(CONFIG_VARIABLE, "DROVER_JAVA_HOME");

    private final Path home;
    private final Map<String, Object> environment;

    /** A loader for relative paths taken from {@code home}. */
    public ConfigLoader(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = new LinkedHashMap<>(environment);
    }

    /** What was read, from which file, and the text that was in it. */
    public record Loaded(DroverProperties properties, Path file, String text, Written written) {}

    /** Reads {@code [--config FILE] [--drover.KEY=VALUE ...]} and all that lies below them. */
    public Loaded load(List<String> arguments) {
        return load(arguments, text(parse(arguments, new LinkedHashMap<>())));
    }

    /** The same as if this text stood in the file. */
    public Loaded load(List<String> arguments, String text) {
        var given = new LinkedHashMap<String, Object>();
        var file = parse(arguments, given);
        var sources = new StandardEnvironment().getPropertySources();
        sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
        sources.addLast(new MapPropertySource("arguments", given));
        sources.addLast(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
        var above = List.copyOf(sources.stream().toList());
        var inFile = read(file, text);
        inFile.ifPresent(sources::addLast);
        sources.addLast(new MapPropertySource("defaults", defaults()));

        given.keySet().forEach(key -> refuseUnknown(Place.of("argument --" + key), key, Function.identity(), key));
        environment.keySet().stream()
                .filter(name -> name.startsWith("DROVER_") && !NO_SETTINGS.contains(name))
                .forEach(name -> refuseUnknown(Place.of("environment"), name, Keys::environmentName, name));
        inFile.ifPresent(this::refuseUnknown);
        var bound = bind(ConfigurationPropertySources.from(sources), inFile);
        SiteClash.find(bound.sites()).ifPresent(clash -> {
            throw new ConfigInvalid(
                    where(firstOrigin(inFile, clash.key())), clash.key(), clash.key() + " " + clash.why());
        });
        var written = Written.of(inFile, defaults(), ConfigurationPropertySources.from(above), this::where);
        return new Loaded(bound.resolvedAgainst(home), file, text, written);
    }

    private Path parse(List<String> arguments, Map<String, Object> given) {
        var file = home.resolve(Objects.toString(environment.get(CONFIG_VARIABLE), "config/drover.yml"));
        for (var i = arguments.iterator(); i.hasNext(); ) {
            var argument = i.next();
            if (argument.equals(CONFIG_ARGUMENT) && i.hasNext()) {
                file = Path.of(i.next()).toAbsolutePath();
            } else if (argument.startsWith(CONFIG_ARGUMENT + "=")) {
                file = Path.of(argument.substring(CONFIG_ARGUMENT.length() + 1)).toAbsolutePath();
            } else if (argument.startsWith("--drover.") && argument.contains("=")) {
                int equals = argument.indexOf('=');
                given.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else {
                throw new ConfigInvalid("unknown argument " + argument + "; use --config FILE and --drover.KEY=VALUE");
            }
        }
        return file;
    }

    private String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw tooLong(file);
            }
            return Files.readString(file);
        } catch (CharacterCodingException malformed) {
            throw new ConfigInvalid(Place.of(shown(file)), "", "not UTF-8 text");
        } catch (IOException unreadable) {
            throw new ConfigInvalid(Place.of(shown(file)), "", "cannot be read; name another one with --config FILE");
        }
    }

    private ConfigInvalid tooLong(Path file) {
        return new ConfigInvalid(Place.of(shown(file)), "", "longer than " + (MAX_BYTES >> 10) + " KB");
    }

    private Optional<EnumerablePropertySource<?>> read(Path file, String text) {
        if (text.length() > MAX_BYTES) {
            throw tooLong(file);
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var documents = new YamlPropertySourceLoader().load(file.toString(), new TextOfFile(file, text));
            if (documents.size() > 1) {
                throw new ConfigInvalid(
                        Place.of(shown(file)), "", "one YAML document is wanted, and --- begins another one");
            }
            return documents.stream()
                    .<EnumerablePropertySource<?>>map(source -> (EnumerablePropertySource<?>) source)
                    .filter(source -> !isEmpty(source))
                    .findFirst();
        } catch (ConfigInvalid invalid) {
            throw invalid;
        } catch (IOException | RuntimeException malformed) {
            throw new ConfigInvalid(
                    new Place(shown(file), line(malformed)), "", "not valid YAML: " + oneLine(malformed));
        }
    }

    /** {@code drover:} with nothing below it, or with comments only. */
    private static boolean isEmpty(EnumerablePropertySource<?> document) {
        return Arrays.equals(document.getPropertyNames(), new String[] {"drover"})
                && Objects.toString(document.getProperty("drover"), "").isEmpty();
    }

    private static Optional<Integer> line(Throwable malformed) {
        return malformed instanceof MarkedYAMLException marked
                ? Optional.ofNullable(marked.getProblemMark()).map(mark -> mark.getLine() + 1)
                : Optional.empty();
    }

    /** A file whose text was read before: what is checked is what is remembered, whatever happens to the file. */
    private static final class TextOfFile extends FileSystemResource {

        private final String text;

        TextOfFile(Path file, String text) {
            super(file);
            this.text = text;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    // ---- unknown keys

    private void refuseUnknown(EnumerablePropertySource<?> file) {
        for (var key : file.getPropertyNames()) {
            var where = where(Optional.ofNullable(OriginLookup.getOrigin(file, key)));
            if (!Keys.isOurs(key)) {
                throw new ConfigInvalid(where, key, "unknown key " + key + "; every key stands under drover:");
            }
            refuseUnknown(where, key, Function.identity(), key);
        }
    }

    private static void refuseUnknown(Place where, String key, Function<String, String> spelling, String shown) {
        if (!Keys.isKnown(key)) {
            throw new ConfigInvalid(
                    where,
                    shown,
                    "unknown key " + shown
                            + Keys.nearest(key, spelling)
                                    .map(nearest -> "; did you mean " + nearest + "?")
                                    .orElse("; config/drover.yml lists the keys"));
        }
    }

    // ---- values

    private DroverProperties bind(
            Iterable<ConfigurationPropertySource> sources, Optional<EnumerablePropertySource<?>> inFile) {
        try (var validation = Validation.buildDefaultValidatorFactory()) {
            return new Binder(sources, /* placeholdersResolver= */ null, conversions())
                    .bind(
                            "drover",
                            Bindable.of(DroverProperties.class),
                            new ValidationBindHandler(new SpringValidatorAdapter(validation.getValidator())))
                    .get();
        } catch (BindException refused) {
            throw describe(refused, inFile);
        }
    }

    /** Spring's own, and what it does not know: paths within an {@code Optional}, presets that may be a flag. */
    private static ConversionService conversions() {
        var conversions = new ApplicationConversionService();
        conversions.addConverter(String.class, Path.class, Path::of);
        // YAML reads true and false as what they are.
        conversions.addConverter(Boolean.class, SecurityHeaders.class, value -> new SecurityHeaders(value.toString()));
        conversions.addConverter(Boolean.class, Listing.class, value -> new Listing(value.toString()));
        return conversions;
    }

    private ConfigInvalid describe(BindException refused, Optional<EnumerablePropertySource<?>> inFile) {
        if (refused.getCause() instanceof BindValidationException invalid) {
            var errors = invalid.getValidationErrors();
            return describe(errors.getName(), errors.getAllErrors().getFirst(), inFile);
        }
        var property = Optional.ofNullable(refused.getProperty());
        var key = Keys.canonical(refused.getName());
        var where = where(property.map(found -> found.getOrigin())
                .or(() -> firstOrigin(inFile, refused.getName().toString())));
        // A rule over several keys is broken when the last of them was read, which may be as it should.
        var value = property.filter(found -> found.getName().equals(refused.getName()))
                // Whoever writes the password itself does not want to see it again in a terminal's history.
                .filter(_ -> refused.getTarget().getType().resolve() != PasswordEntry.class)
                .map(found -> ": cannot use \"" + found.getValue() + "\"")
                .orElse("");
        return new ConfigInvalid(where, key, key + value + ", " + expectation(refused));
    }

    private static String expectation(BindException refused) {
        var target = refused.getTarget().getType().resolve(Object.class);
        return switch (target.getSimpleName()) {
            case "int", "Integer" -> "a whole number is wanted";
            case "Duration" -> "a duration is wanted, such as 30s or 5m";
            case "DataSize" -> "a size is wanted, such as 64MB";
            default -> "because " + oneLine(rootCause(refused));
        };
    }

    private ConfigInvalid describe(
            ConfigurationPropertyName prefix, ObjectError error, Optional<EnumerablePropertySource<?>> inFile) {
        if (!(error instanceof FieldError field)) {
            return new ConfigInvalid(error.toString());
        }
        // A rule over a value is a method named after it: isListenValid speaks of listen.
        var name = field.getField().replaceAll("Valid$", "").replaceAll("([A-Z])", "-$1");
        var key = prefix + "." + name.toLowerCase(Locale.ROOT);
        var where = where(Optional.ofNullable(Origin.from(error)).or(() -> firstOrigin(inFile, key)));
        var value = field.getField().endsWith("Valid") ? "" : " \"" + field.getRejectedValue() + "\"";
        return new ConfigInvalid(where, key, key + value + " " + error.getDefaultMessage());
    }

    private Place where(Optional<Origin> origin) {
        return origin.map(ConfigLoader::innermost)
                .map(found -> {
                    if (found instanceof TextResourceOrigin text
                            && text.getResource() instanceof FileSystemResource file
                            && text.getLocation() != null) {
                        return new Place(
                                shown(Path.of(file.getPath())),
                                Optional.of(text.getLocation().getLine() + 1));
                    }
                    return Place.of(
                            found instanceof PropertySourceOrigin source
                                    ? (source.getPropertyName().startsWith("DROVER_") ? "environment, " : "argument --")
                                            + source.getPropertyName()
                                    : found.toString());
                })
                .orElse(Place.of("configuration"));
    }

    /** Where the file begins to speak of a key that has others below it, or else of the one above it. */
    private static Optional<Origin> firstOrigin(Optional<EnumerablePropertySource<?>> inFile, String key) {
        var found = inFile.stream()
                .flatMap(file -> Stream.of(file.getPropertyNames())
                        .filter(name -> name.startsWith(key))
                        .flatMap(name -> Optional.ofNullable(OriginLookup.getOrigin(file, name)).stream()))
                .findFirst();
        int dot = key.lastIndexOf('.');
        return found.isPresent() || dot < 0 ? found : firstOrigin(inFile, key.substring(0, dot));
    }

    /** The binder wraps the place in a file into the source that it asked. */
    private static Origin innermost(Origin origin) {
        return origin instanceof PropertySourceOrigin source && source.getOrigin() != null
                ? source.getOrigin()
                : origin;
    }

    /** The file as people know it: from home if it lies there. */
    private String shown(Path file) {
        return file.startsWith(home) ? home.relativize(file).toString() : file.toString();
    }

    private static Throwable rootCause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    // ---- defaults: their one home

    static Map<String, Object> defaults() {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put("drover.listen", "127.0.0.1:8080");
        defaults.put("drover.document-root", "config/sites");
        defaults.put("drover.workers", "2");
        defaults.put("drover.event-loops", "1");
        defaults.put("drover.file-threads", "4");
        defaults.put("drover.file-queue", "256");
        defaults.put("drover.cache-size", "32MB");
        defaults.put("drover.keep-alive-timeout", "30s");
        defaults.put("drover.drain-timeout", "10s");
        defaults.put("drover.connections-per-address", "0");
        defaults.put("drover.statistics.virtual-hosts", "50");
        defaults.put("drover.statistics.requests", "true");
        defaults.put("drover.forwarded.header", "X-Forwarded-For");
        defaults.put("drover.access-log", "access.log");
        defaults.put("drover.access-log-format", "combined");
        defaults.put("drover.access-log-rotate-size", "100MB");
        defaults.put("drover.access-log-rotate-every", "0");
        defaults.put("drover.access-log-keep", "10");
        defaults.put("drover.log-rotate-size", "10MB");
        defaults.put("drover.log-keep", "5");
        defaults.put("drover.run-directory", "/dev/shm/drover-" + uid());
        defaults.put("drover.state-directory", "var/state");
        defaults.put("drover.log-directory", "var/log");
        defaults.put("drover.admin.address", "127.0.0.1");
        defaults.put("drover.admin.port", "9090");
        defaults.put("drover.admin.management-address", "127.0.0.1");
        defaults.put("drover.admin.management-port", "9091");
        defaults.put("drover.admin.allow-plain-http", "false");
        defaults.put("drover.admin.reload-on-change", "false");
        return defaults;
    }

    private static Object uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException noProc) {
            throw new ConfigInvalid("/proc/self cannot be read; Drover needs Linux with /proc mounted");
        }
    }
}
