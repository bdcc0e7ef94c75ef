package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Version;
import drover.admin.stats.Connections;
import drover.admin.stats.Latency;
import drover.admin.stats.Percentiles;
import drover.admin.stats.WorkerSample;
import drover.admin.web.Health;
import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader.Counts;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One picture of {@code drover top}: what was done between two readings, and how it is at the second. */
final class TopFrame {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final double MILLIS_PER_SECOND = 1000.0;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String ROW = "%6s  %-8s %8s %5s %8s %8s %9s %6s %7s %7s %6s %6s %6s %9s";
    private static final String REQUEST = "%6s  %-9s %8s %8s  %-15s  %s";
    private static final int REQUESTS_SHOWN = 10;
    private static final int REQUESTS_TOLD = 100;

    private final Reading before;
    private final Reading now;
    private final Health health;
    private final double seconds;

    TopFrame(Reading before, Reading now, Health health) {
        this.before = before;
        this.now = now;
        this.health = health;
        this.seconds = Duration.between(before.sample().at(), now.sample().at()).toMillis() / MILLIS_PER_SECOND;
    }

    Health health() {
        return health;
    }

    // ---- numbers

    /**
     * A worker's numbers, or those of all together.
     *
     * @param processors that were kept busy, 0.5 for half of one
     * @param cacheHitRatio 0 to 1 over the interval; none if nothing was looked up
     */
    record Row(
            double processors,
            long residentBytes,
            double requestsPerSecond,
            double bytesPerSecond,
            Connections connections,
            long fileQueue,
            Optional<Double> cacheHitRatio) {}

    private Row row(double processors, long residentBytes, Counts earlier, Counts counts) {
        long hits = counts.get(Counter.FILE_CACHE_HITS) - earlier.get(Counter.FILE_CACHE_HITS);
        long misses = counts.get(Counter.FILE_CACHE_MISSES) - earlier.get(Counter.FILE_CACHE_MISSES);
        return new Row(
                processors,
                residentBytes,
                perSecond(counts.requests() - earlier.requests()),
                perSecond(counts.get(Counter.RESPONSE_BYTES) - earlier.get(Counter.RESPONSE_BYTES)),
                Connections.of(counts),
                counts.get(Counter.FILE_QUEUE_DEPTH),
                hits + misses > 0 ? Optional.of((double) hits / (hits + misses)) : Optional.empty());
    }

    private double perSecond(long amount) {
        return seconds > 0 ? Math.max(0, amount) / seconds : 0;
    }

    private Row row(WorkerSample worker) {
        var earlier = before.sample().workers().stream()
                .filter(other -> other.slot().slot() == worker.slot().slot())
                .findFirst()
                .orElse(worker);
        return row(
                worker.use().processorsSince(earlier.use(), (long) (seconds * NANOS_PER_SECOND)),
                worker.use().residentBytes(),
                earlier.counts(),
                worker.counts());
    }

    private Row total() {
        var rows = now.sample().workers().stream().map(this::row).toList();
        return row(
                rows.stream().mapToDouble(Row::processors).sum(),
                rows.stream().mapToLong(Row::residentBytes).sum(),
                sum(before),
                sum(now));
    }

    private static Counts sum(Reading reading) {
        return reading.sample().workers().stream().map(WorkerSample::counts).reduce(Counts.zero(), Counts::plus);
    }

    private double acceptedPerSecond() {
        var counter = Counter.CONNECTIONS_ACCEPTED;
        return perSecond(now.sample().masterCounts().get(counter)
                - before.sample().masterCounts().get(counter));
    }

    // ---- text

    List<String> lines() {
        var sample = now.sample();
        var lines = new ArrayList<String>();
        lines.add("Drover " + Version.CURRENT + "   " + CLOCK.format(sample.at()) + "   " + health.sentence());
        lines.add("admin   " + ReadingCommand.admin(now));
        lines.add("master  " + master());
        lines.add("ttfb    " + firstByte(sample.firstByte()));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                ROW,
                "worker",
                "state",
                "pid",
                "cpu",
                "memory",
                "req/s",
                "bytes/s",
                "conns",
                "reading",
                "writing",
                "idle",
                "queue",
                "cache",
                "heartbeat"));
        sample.workers().forEach(worker -> lines.add(line(worker)));
        lines.add(line("all", "", "", total(), ""));
        sample.workers().stream()
                .filter(worker -> !worker.slot().detail().isEmpty())
                .forEach(worker -> lines.add("worker " + worker.slot().slot() + ": "
                        + OutputOptions.printable(worker.slot().detail())));
        lines.addAll(requests());
        return lines;
    }

    /** Of late, or if nobody came of late, since the start. */
    private static String firstByte(Latency latency) {
        return latency.recent()
                .map(recent -> percentiles(
                        recent, String.format(Locale.ROOT, "in %.0f s", Math.max(1, latency.recentSeconds()))))
                .or(() -> latency.sinceStart().map(all -> percentiles(all, "since the start, none of late")))
                .orElse("no request so far");
    }

    private static String percentiles(Percentiles of, String when) {
        return String.format(
                Locale.ROOT,
                "p50 %s   p90 %s   p99 %s   p99.9 %s   of %d requests %s",
                time(of.p50()),
                time(of.p90()),
                time(of.p99()),
                time(of.p999()),
                of.requests(),
                when);
    }

    /** To two digits or three. */
    static String time(double seconds) {
        if (seconds >= 1) {
            return String.format(Locale.ROOT, seconds < 100 ? "%.1f s" : "%.0f s", seconds);
        }
        double millis = seconds * MILLIS_PER_SECOND;
        return String.format(Locale.ROOT, millis < 1 ? "%.2f ms" : millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    private List<String> requests() {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(String.format(Locale.ROOT, REQUEST, "worker", "request", "age", "bytes", "client", "oldest first"));
        now.inFlight().stream()
                .limit(REQUESTS_SHOWN)
                .map(request -> String.format(
                        Locale.ROOT,
                        REQUEST,
                        request.worker(),
                        request.phase().name().toLowerCase(Locale.ROOT),
                        time(request.ageSeconds()),
                        bytes((double) request.bytes()),
                        request.client(),
                        request.method() + " " + request.host() + request.path()))
                .forEach(lines::add);
        int more = now.inFlight().size() - REQUESTS_SHOWN;
        if (more > 0) {
            lines.add(String.format(Locale.ROOT, "%6s  and %d more", "", more));
        } else if (now.inFlight().isEmpty()) {
            lines.add(String.format(Locale.ROOT, "%6s  none in flight", ""));
        }
        return lines;
    }

    private String master() {
        var master = now.sample().master();
        return master.pid()
                .map(pid -> String.format(
                        Locale.ROOT,
                        "%s, pid %d, listening on %s, %s connections/s",
                        now.masterHung() ? "HUNG" : "up",
                        pid,
                        String.join(", ", master.listening()),
                        rate(acceptedPerSecond())))
                .orElse("down");
    }

    private String line(WorkerSample worker) {
        return line(
                String.valueOf(worker.slot().slot()),
                StatusCommand.state(worker),
                worker.slot().processes().stream()
                        .findFirst()
                        .map(process -> String.valueOf(process.pid()))
                        .orElse("-"),
                row(worker),
                worker.heartbeatAgeSeconds()
                        .map(age -> String.format(Locale.ROOT, "%.1f s", age))
                        .orElse("-"));
    }

    private static String line(String name, String state, String pid, Row row, String heartbeat) {
        var connections = row.connections();
        return String.format(
                Locale.ROOT,
                ROW,
                name,
                state,
                pid,
                String.format(Locale.ROOT, "%.0f%%", row.processors() * 100),
                bytes((double) row.residentBytes()),
                rate(row.requestsPerSecond()),
                bytes(row.bytesPerSecond()),
                connections.reading() + connections.writing() + connections.idle(),
                connections.reading(),
                connections.writing(),
                connections.idle(),
                row.fileQueue(),
                row.cacheHitRatio()
                        .map(ratio -> String.format(Locale.ROOT, "%.0f%%", ratio * 100))
                        .orElse("-"),
                heartbeat);
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
    }

    /** To three digits, in powers of 1000. */
    static String bytes(double amount) {
        double rest = amount;
        for (var unit : List.of("B", "kB", "MB")) {
            if (rest < 1000) {
                return String.format(Locale.ROOT, unit.equals("B") || rest >= 100 ? "%.0f %s" : "%.1f %s", rest, unit);
            }
            rest /= 1000;
        }
        return String.format(Locale.ROOT, "%.1f GB", rest);
    }

    // ---- JSON

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("at", now.sample().at());
        json.put("seconds", seconds);
        json.put("health", health);
        json.put("adminPid", now.adminPid());
        json.put("masterPid", now.sample().master().pid());
        json.put("masterHung", now.masterHung());
        json.put("connectionsAcceptedPerSecond", acceptedPerSecond());
        json.put("firstByte", now.sample().firstByte());
        json.put("total", total());
        json.put("workers", now.sample().workers().stream().map(this::json).toList());
        json.put("inFlight", now.inFlight().stream().limit(REQUESTS_TOLD).toList());
        json.put("inFlightCount", now.inFlight().size());
        return json;
    }

    private Map<String, Object> json(WorkerSample worker) {
        var row = row(worker);
        var json = new LinkedHashMap<String, Object>();
        json.put("slot", worker.slot().slot());
        json.put("state", worker.slot().state());
        json.put("hung", worker.slot().hung());
        json.put("pid", worker.slot().processes().stream().findFirst().map(process -> process.pid()));
        json.put("processors", row.processors());
        json.put("residentBytes", row.residentBytes());
        json.put("requestsPerSecond", row.requestsPerSecond());
        json.put("bytesPerSecond", row.bytesPerSecond());
        json.put("connections", row.connections());
        json.put("fileQueue", row.fileQueue());
        json.put("cacheHitRatio", row.cacheHitRatio());
        json.put("heartbeatAgeSeconds", worker.heartbeatAgeSeconds());
        return json;
    }
}
