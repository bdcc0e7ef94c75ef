package drover.admin.supervision;

import drover.admin.config.AddressBlock;
import drover.admin.config.DroverProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes settings as workers read them, {@code docs/formats/worker.md}. */
final class WorkerSettings {

    private WorkerSettings() {}

    /** Those of the farm's workers; {@code sites} is the file of their sites, which is left out if there are none. */
    static String of(DroverProperties properties, RunDirectory directory, int loops, Path sites) {
        return common(properties, directory, loops, sites)
                + """
                proxy-protocol-trusted=%s
                forwarded-trusted=%s
                connections-per-address=%d
                access-log=%s
                """.formatted(
                                joined(properties.proxyProtocol().trusted()),
                                joined(properties.forwarded().trusted()),
                                properties.connectionsPerAddress(),
                                accessLog(properties));
    }

    /** Those of a worker that serves nobody but us: it believes no proxy, counts no addresses, and logs no requests. */
    static String ofTwin(DroverProperties properties, RunDirectory directory, Path sites) {
        return common(properties, directory, 1, sites) + """
                proxy-protocol-trusted=
                forwarded-trusted=
                connections-per-address=0
                access-log=
                """;
    }

    private static String common(DroverProperties properties, RunDirectory directory, int loops, Path sites) {
        return """
                run-directory=%s
                region=%s
                document-root=%s
                loops=%d
                file-threads=%d
                file-queue=%d
                cache-bytes=%d
                keep-alive-millis=%d
                drain-millis=%d
                forwarded-header=%s
                access-log-format=%s
                access-log-rotate-bytes=%d
                access-log-rotate-millis=%d
                access-log-keep=%d
                meters=%d
                sites=%s
                """.formatted(
                        escaped(directory.path().toString()),
                        escaped(directory.region().toString()),
                        escaped(properties.documentRoot().toString()),
                        loops,
                        properties.fileThreads(),
                        properties.fileQueue(),
                        properties.cacheSize().toBytes(),
                        properties.keepAliveTimeout().toMillis(),
                        properties.drainTimeout().toMillis(),
                        properties.forwarded().header(),
                        properties.accessLogFormat(),
                        properties.accessLogRotateSize().toBytes(),
                        properties.accessLogRotateEvery().toMillis(),
                        properties.accessLogKeep(),
                        properties.statistics().requests() ? 1 : 0,
                        properties.sites().isEmpty() ? "" : escaped(sites.toString()));
    }

    private static String accessLog(DroverProperties properties) {
        return properties
                .accessLogFile()
                .map(Path::toString)
                .map(WorkerSettings::escaped)
                .orElse(properties.isAccessLogToStandardOutput() ? "-" : "");
    }

    private static String joined(List<AddressBlock> blocks) {
        return blocks.stream().map(AddressBlock::text).collect(Collectors.joining(","));
    }

    /** As java.util.Properties reads it back. */
    private static String escaped(String path) {
        return path.replace("\\", "\\\\");
    }
}
