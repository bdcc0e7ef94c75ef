package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What visitors have asked for of late, by the end of the access log.
 *
 * @param host as far as the log's format has it
 * @param path with its query, encoded
 */
record RecentRequest(Optional<String> host, String path) {

    private static final int MOST = 100;
    private static final int TAIL_BYTES = 128 << 10;
    private static final int LONG_TAIL_BYTES = 2 << 20;
    private static final Predicate<String> FOUND = "200"::equals;

    private static final String PATH = "(/[\\x21-\\x7e&&[^\"\\\\]]{0,500})";
    private static final Pattern COMMON = Pattern.compile("\"GET " + PATH + " HTTP/1\\.[01]\" (\\d{3}) ");
    private static final Pattern WITH_HOST =
            Pattern.compile("^([A-Za-z0-9._-]+):\\d+ .*\"GET " + PATH + " HTTP/1\\.[01]\" (\\d{3}) ");
    private static final Pattern JSON =
            Pattern.compile("\"host\":\"([A-Za-z0-9._-]+)(?::\\d+)?\",\"method\":\"GET\",\"uri\":\"" + PATH
                    + "\",[^}]*\"status\":(\\d{3}),");

    /** What was found for them, the latest first, each once; none if nothing is logged to a file. */
    static List<RecentRequest> found(DroverProperties properties) {
        return properties
                .accessLogFile()
                .map(file -> of(file, TAIL_BYTES, properties.accessLogFormat(), FOUND, MOST))
                .orElse(List.of());
    }

    /** What they asked for, whatever they got, likewise. */
    static List<RecentRequest> asked(DroverProperties properties, int most) {
        return properties
                .accessLogFile()
                .map(file -> of(file, LONG_TAIL_BYTES, properties.accessLogFormat(), _ -> true, most))
                .orElse(List.of());
    }

    private static List<RecentRequest> of(Path log, int bytes, String format, Predicate<String> status, int most) {
        return OutputFiles.tail(log, bytes).lines().toList().reversed().stream()
                .flatMap(line -> of(line, format, status))
                .distinct()
                .limit(most)
                .toList();
    }

    private static Stream<RecentRequest> of(String line, String format, Predicate<String> status) {
        return switch (format) {
            case "json" -> of(JSON.matcher(line), true, status);
            case "vcombined" -> of(WITH_HOST.matcher(line), true, status);
            default -> of(COMMON.matcher(line), false, status);
        };
    }

    private static Stream<RecentRequest> of(Matcher line, boolean hasHost, Predicate<String> status) {
        if (!line.find() || !status.test(line.group(line.groupCount()))) {
            return Stream.empty();
        }
        return Stream.of(
                hasHost
                        ? new RecentRequest(Optional.of(line.group(1)), line.group(2))
                        : new RecentRequest(Optional.empty(), line.group(1)));
    }
}
