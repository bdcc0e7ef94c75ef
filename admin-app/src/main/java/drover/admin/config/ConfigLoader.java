package drover.admin.config;

import jakarta.validation.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

/**
 * Reads the configuration, for the app and for the command line alike: arguments before environment before file before
 * defaults. Strict: an unknown key or a bad value is refused with one line that says where it stands, what is wrong, and what
 * was perhaps meant.
 */
public final class ConfigLoader {

    private static final String CONFIG_ARGUMENT = "--config";

    /** Names the JDK, which must be known before there is a Java program to read settings. */
    private static final String OF_THE_SCRIPT = "DROVER_JAVA_HOME";

    private final Path home;
    private final Map<String, Object> environment;

    /** A loader for relative paths taken from {@code home}. */
    public ConfigLoader(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = new LinkedHashMap<>(environment);
    }

    /** What was read, and from which file. */
    public record Loaded(DroverProperties properties, Path file) {}

    /** Reads {@code [--config FILE] [--drover.KEY=VALUE ...]} and all that lies below them. */
    public Loaded load(List<String> arguments) {
        var given = new LinkedHashMap<String, Object>();
        var file = parse(arguments, given);
        var sources = new StandardEnvironment().getPropertySources();
        sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
        sources.addLast(new MapPropertySource("arguments", given));
        sources.addLast(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
        var inFile = read(file);
        inFile.ifPresent(sources::addLast);
        sources.addLast(new MapPropertySource("defaults", defaults()));

        given.keySet().forEach(key -> refuseUnknown("argument --" + key, key, Function.identity(), key));
        environment.keySet().stream()
                .filter(name -> name.startsWith("DROVER_") && !name.equals(OF_THE_SCRIPT))
                .forEach(name -> refuseUnknown("environment", name, Keys::environmentName, name));
        inFile.ifPresent(this::refuseUnknown);
        var bound = bind(ConfigurationPropertySources.from(sources), inFile);
        SiteClash.find(bound.sites()).ifPresent(clash -> {
            throw new ConfigInvalid(where(firstOrigin(inFile, clash.key())) + ": " + clash.key() + " " + clash.why());
        });
        return new Loaded(bound.resolvedAgainst(home), file);
    }

    private Path parse(List<String> arguments, Map<String, Object> given) {
        var file = home.resolve("config/drover.yml");
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

    private Optional<EnumerablePropertySource<?>> read(Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigInvalid(shown(file) + ": cannot be read; name another one with --config FILE");
        }
        try (InputStream text = Files.newInputStream(file)) {
            if (text.read() < 0) {
                return Optional.empty();
            }
            return new YamlPropertySourceLoader()
                    .load(file.toString(), new FileSystemResource(file)).stream()
                            .<EnumerablePropertySource<?>>map(source -> (EnumerablePropertySource<?>) source)
                            .findFirst();
        } catch (IOException | RuntimeException malformed) {
            throw new ConfigInvalid(shown(file) + ": not valid YAML: " + oneLine(malformed));
        }
    }

    // ---- unknown keys

    private void refuseUnknown(EnumerablePropertySource<?> file) {
        for (var key : file.getPropertyNames()) {
            var where = where(Optional.ofNullable(OriginLookup.getOrigin(file, key)));
            if (!Keys.isOurs(key)) {
                throw new ConfigInvalid(where + ": unknown key " + key + "; every key stands under drover:");
            }
            refuseUnknown(where, key, Function.identity(), key);
        }
    }

    private static void refuseUnknown(String where, String key, Function<String, String> spelling, String shown) {
        if (!Keys.isKnown(key)) {
            throw new ConfigInvalid(where + ": unknown key " + shown
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
            throw new ConfigInvalid(describe(refused, inFile));
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

    private String describe(BindException refused, Optional<EnumerablePropertySource<?>> inFile) {
        if (refused.getCause() instanceof BindValidationException invalid) {
            var errors = invalid.getValidationErrors();
            return describe(errors.getName(), errors.getAllErrors().getFirst());
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
        return where + ": " + key + value + ", " + expectation(refused);
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

    private String describe(ConfigurationPropertyName prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return error.toString();
        }
        // A rule over a value is a method named after it: isListenValid speaks of listen.
        var name = field.getField().replaceAll("Valid$", "").replaceAll("([A-Z])", "-$1");
        var key = prefix + "." + name.toLowerCase(Locale.ROOT);
        var where = where(Optional.ofNullable(Origin.from(error)));
        var value = field.getField().endsWith("Valid") ? "" : " \"" + field.getRejectedValue() + "\"";
        return where + ": " + key + value + " " + error.getDefaultMessage();
    }

    private String where(Optional<Origin> origin) {
        return origin.map(ConfigLoader::innermost)
                .map(found -> {
                    if (found instanceof TextResourceOrigin text
                            && text.getResource() instanceof FileSystemResource file
                            && text.getLocation() != null) {
                        return shown(Path.of(file.getPath())) + ":"
                                + (text.getLocation().getLine() + 1);
                    }
                    return found instanceof PropertySourceOrigin source
                            ? (source.getPropertyName().startsWith("DROVER_") ? "environment, " : "argument --")
                                    + source.getPropertyName()
                            : found.toString();
                })
                .orElse("configuration");
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

    private static Map<String, Object> defaults() {
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
        defaults.put("drover.forwarded.header", "X-Forwarded-For");
        defaults.put("drover.access-log", "access.log");
        defaults.put("drover.access-log-format", "combined");
        defaults.put("drover.access-log-rotate-size", "100MB");
        defaults.put("drover.access-log-rotate-every", "0");
        defaults.put("drover.access-log-keep", "10");
        defaults.put("drover.run-directory", "/dev/shm/drover-" + uid());
        defaults.put("drover.state-directory", "var/state");
        defaults.put("drover.log-directory", "var/log");
        defaults.put("drover.admin.address", "127.0.0.1");
        defaults.put("drover.admin.port", "9090");
        defaults.put("drover.admin.management-address", "127.0.0.1");
        defaults.put("drover.admin.management-port", "9091");
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
