package drover.engine.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a request is written to the access log; {@code docs/formats/worker.md} shows a line of each. */
public enum AccessLogFormat {
    COMMON,
    COMBINED,
    VCOMBINED,
    JSON;

    /** The format with a name as the key {@code access-log-format} has it. */
    static AccessLogFormat of(String where, String name) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new WorkerConfig.Invalid("%s must be one of %s, not \"%s\""
                        .formatted(
                                where,
                                Arrays.stream(values())
                                        .map(AccessLogFormat::text)
                                        .collect(Collectors.joining(", ")),
                                name)));
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
