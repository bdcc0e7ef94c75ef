package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was found for visitors of late, by the end of the access log.
 *
 * @param host as far as the log's format has it
 * @param path with its query, encoded
 */
record RecentRequest(Optional<String> host, String path) {

    private static final int MOST = 100;
    private static final int TAIL_BYTES = 128 << 10;

    private static final String PATH = "(/[\\x21-\\x7e&&[^\"\\\\]]{0,500})";
    private static final Pattern COMMON = Pattern.compile("\"GET " + PATH + " HTTP/1\\.[01]\" 200 ");
    private static final Pattern WITH_HOST =
            Pattern.compile("^([A-Za-z0-9._-]+):\\d+ .*\"GET " + PATH + " HTTP/1\\.[01]\" 200 ");
    private static final Pattern JSON =
            Pattern.compile("\"host\":\"([A-Za-z0-9._-]+)(?::\\d+)?\",\"method\":\"GET\",\"uri\":\"" + PATH
                    + "\",[^}]*\"status\":200,");

    /** The latest first, each once; none if nothing is logged to a file. */
    static List<RecentRequest> of(DroverProperties properties) {
        return properties
                .accessLogFile()
                .map(file -> of(file, properties.accessLogFormat()))
                .orElse(List.of());
    }

    private static List<RecentRequest> of(Path log, String format) {
        return OutputFiles.tail(log, TAIL_BYTES).lines().toList().reversed().stream()
                .flatMap(line -> of(line, format))
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static Stream<RecentRequest> of(String line, String format) {
        return switch (format) {
            case "json" -> found(JSON.matcher(line), true);
            case "vcombined" -> found(WITH_HOST.matcher(line), true);
            default -> found(COMMON.matcher(line), false);
        };
    }

    private static Stream<RecentRequest> found(Matcher line, boolean hasHost) {
        if (!line.find()) {
            return Stream.empty();
        }
        return Stream.of(
                hasHost
                        ? new RecentRequest(Optional.of(line.group(1)), line.group(2))
                        : new RecentRequest(Optional.empty(), line.group(1)));
    }
}
