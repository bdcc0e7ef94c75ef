package drover.engine.config;

import drover.engine.peer.AddressBlock;
import drover.engine.peer.Forwarding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What a worker is told when it is started: the file that admin wrote, and its place. Every key is required, an unknown
 * one is an error; see {@code docs/formats/worker.md}.
 */
public record WorkerConfig(
        int slot,
        int seat,
        Path runDirectory,
        Path region,
        Path documentRoot,
        int loops,
        int fileThreads,
        int fileQueue,
        long cacheBytes,
        Duration keepAlive,
        Duration drain,
        ClientsConfig clients,
        Optional<AccessLogConfig> accessLog,
        Optional<Path> sites,
        boolean meters) {

    private static final int MAX_CONNECTIONS_PER_ADDRESS = 100_000;

    /** What is wrong with the arguments or the file; the message says where and what to do. */
    public static final class Invalid extends RuntimeException {

        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    /** Reads {@code --config FILE --slot N --seat M} and the file. */
    public static WorkerConfig of(String... arguments) {
        var file = Path.of(argument("--config", arguments));
        var values = new Values(file, read(file));
        var config = new WorkerConfig(
                (int) number("--slot", argument("--slot", arguments), 1, 64),
                (int) number("--seat", argument("--seat", arguments), 0, 1),
                Path.of(values.text("run-directory")),
                Path.of(values.text("region")),
                Path.of(values.text("document-root")),
                (int) values.number("loops", 1, 64),
                (int) values.number("file-threads", 1, 256),
                (int) values.number("file-queue", 1, 65_536),
                values.number("cache-bytes", 0, Long.MAX_VALUE),
                Duration.ofMillis(values.number("keep-alive-millis", 1, Integer.MAX_VALUE)),
                Duration.ofMillis(values.number("drain-millis", 0, Integer.MAX_VALUE)),
                clients(values),
                accessLog(values),
                values.path("sites"),
                values.number("meters", 0, 1) == 1);
        values.refuseUnread();
        return config;
    }

    private static ClientsConfig clients(Values values) {
        return new ClientsConfig(
                values.blocks("proxy-protocol-trusted"),
                values.blocks("forwarded-trusted"),
                values.forwarding("forwarded-header"),
                (int) values.number("connections-per-address", 0, MAX_CONNECTIONS_PER_ADDRESS));
    }

    private static Optional<AccessLogConfig> accessLog(Values values) {
        var config = new AccessLogConfig(
                Path.of(values.text("access-log")),
                AccessLogFormat.of(values.file() + ": access-log-format", values.text("access-log-format")),
                values.number("access-log-rotate-bytes", 0, Long.MAX_VALUE),
                Duration.ofMillis(values.number("access-log-rotate-millis", 0, Long.MAX_VALUE)),
                (int) values.number("access-log-keep", 1, 10_000));
        return config.file().equals(Path.of("")) ? Optional.empty() : Optional.of(config);
    }

    private static String argument(String name, String... arguments) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        throw new Invalid("missing " + name + ": use --config FILE --slot N --seat M");
    }

    private static Properties read(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Invalid("cannot read " + file + ": " + unreadable.getMessage());
        }
        return properties;
    }

    private static long number(String name, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // the sentence below says what is expected, whatever was found
        }
        throw new Invalid("%s must be a number from %d to %d, not \"%s\"".formatted(name, least, most, text));
    }

    /** The file's values, and which of them were asked for. */
    private record Values(Path file, Properties properties, Set<String> read) {

        Values(Path file, Properties properties) {
            this(file, properties, new HashSet<>());
        }

        String text(String key) {
            read.add(key);
            var value = properties.getProperty(key);
            if (value == null) {
                throw new Invalid(file + ": missing key " + key);
            }
            return value;
        }

        /** A path, or none if it is empty. */
        Optional<Path> path(String key) {
            return Optional.of(text(key)).filter(path -> !path.isEmpty()).map(Path::of);
        }

        /** Addresses and blocks with commas between, or none. */
        List<AddressBlock> blocks(String key) {
            try {
                return text(key).isEmpty()
                        ? List.of()
                        : Arrays.stream(text(key).split(",", -1))
                                .map(AddressBlock::of)
                                .toList();
            } catch (IllegalArgumentException malformed) {
                throw new Invalid(file + ": " + key + " must be addresses and blocks with commas between, not \""
                        + text(key) + "\"");
            }
        }

        Forwarding forwarding(String key) {
            return switch (text(key)) {
                case "X-Forwarded-For" -> Forwarding.X_FORWARDED_FOR;
                case "Forwarded" -> Forwarding.FORWARDED;
                default ->
                    throw new Invalid(
                            file + ": " + key + " must be X-Forwarded-For or Forwarded, not \"" + text(key) + "\"");
            };
        }

        long number(String key, long least, long most) {
            return WorkerConfig.number(file + ": " + key, text(key), least, most);
        }

        void refuseUnread() {
            properties.stringPropertyNames().stream()
                    .filter(key -> !read.contains(key))
                    .findFirst()
                    .ifPresent(key -> {
                        throw new Invalid(file + ": unknown key " + key);
                    });
        }
    }
}
