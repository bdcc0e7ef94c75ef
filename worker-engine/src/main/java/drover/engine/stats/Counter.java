package drover.engine.stats;

import java.util.Map;
import java.util.TreeMap;

/**
 * Everything Drover counts, in the order in which it lies in every section of the statistics region. Append only: a
 * constant's place in this list is its place in the file, so a new one goes last and none is ever moved or removed.
 *
 * <p>The C header {@code counters.h}, Prometheus, the REST API and the dashboard follow from this list.
 */
public enum Counter {
    CONNECTIONS_ACCEPTED(
            Scope.MASTER, Kind.COUNTER, "drover_connections_accepted_total", "Connections the master accepted"),
    CONNECTIONS_REJECTED_NO_WORKER(
            Scope.MASTER,
            Kind.COUNTER,
            "drover_connections_rejected_total",
            "reason",
            "no_worker",
            "Connections closed unanswered"),
    ACCEPT_PAUSES(
            Scope.MASTER,
            Kind.COUNTER,
            "drover_accept_pauses_total",
            "Times the master stopped accepting for a moment, out of descriptors or of workers with room"),
    CONNECTIONS_DISPATCHED(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_dispatched_total",
            "Connections a worker took from its lanes"),
    CONNECTIONS_LOST_IN_DISPATCH(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_lost_in_dispatch_total",
            "Descriptors that did not arrive with their record, because the worker was at its descriptor limit"),
    CONNECTIONS_READING(
            Scope.WORKER,
            Kind.GAUGE,
            "drover_connections",
            "state",
            "reading",
            "Open connections by what the worker does with them"),
    CONNECTIONS_WRITING(
            Scope.WORKER,
            Kind.GAUGE,
            "drover_connections",
            "state",
            "writing",
            "Open connections by what the worker does with them"),
    CONNECTIONS_IDLE(
            Scope.WORKER,
            Kind.GAUGE,
            "drover_connections",
            "state",
            "idle",
            "Open connections by what the worker does with them"),
    REQUESTS_2XX(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_requests_total",
            "code",
            "2xx",
            "Requests answered, by class of status code"),
    REQUESTS_3XX(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_requests_total",
            "code",
            "3xx",
            "Requests answered, by class of status code"),
    REQUESTS_4XX(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_requests_total",
            "code",
            "4xx",
            "Requests answered, by class of status code"),
    REQUESTS_5XX(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_requests_total",
            "code",
            "5xx",
            "Requests answered, by class of status code"),
    RESPONSE_BYTES(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_response_bytes_total",
            "Bytes of responses handed to the kernel, heads included"),
    FILE_CACHE_HITS(
            Scope.WORKER, Kind.COUNTER, "drover_file_cache_hits_total", "Requests answered from the file cache"),
    FILE_CACHE_MISSES(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_file_cache_misses_total",
            "Requests that needed a look at the file system"),
    FILE_CACHE_EVICTIONS(
            Scope.WORKER, Kind.COUNTER, "drover_file_cache_evictions_total", "Files put out of the cache for room"),
    FILE_CACHE_BYTES(Scope.WORKER, Kind.GAUGE, "drover_file_cache_bytes", "Bytes the file cache holds"),
    FILE_CACHE_ENTRIES(Scope.WORKER, Kind.GAUGE, "drover_file_cache_entries", "Files the file cache holds"),
    FILE_QUEUE_DEPTH(Scope.WORKER, Kind.GAUGE, "drover_file_queue_depth", "Requests that wait for a file thread"),
    REQUESTS_SHED(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_shed_requests_total",
            "reason",
            "file_queue",
            "Requests answered 503 because the queue before the file threads was full"),
    ACCESS_LOG_LINES(Scope.WORKER, Kind.COUNTER, "drover_access_log_lines_total", "Lines appended to the access log"),
    ACCESS_LOG_DROPPED_LINES(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_access_log_dropped_lines_total",
            "Lines the access log could not take, because its ring was full or the disk refused them"),
    CONNECTIONS_RECLAIMED(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_reclaimed_total",
            "Idle connections closed to make room for new ones, because the worker came near its descriptor limit"),
    CONNECTIONS_REJECTED_OVERLOAD(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_rejected_total",
            "reason",
            "overload",
            "Connections closed unanswered"),
    ACCESS_LOG_ROTATIONS(
            Scope.WORKER, Kind.COUNTER, "drover_access_log_rotations_total", "Times a worker rotated the access log"),
    CONNECTIONS_REJECTED_IP_LIMIT(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_rejected_total",
            "reason",
            "ip_limit",
            "Connections closed unanswered"),
    HANDED_OVER_RESTART(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_handed_over_total",
            "reason",
            "restart",
            "idle",
            "Open connections that went to another worker, in the middle of a response (transfer) or not"),
    HANDED_OVER_SCALE(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_handed_over_total",
            "reason",
            "scale",
            "idle",
            "Open connections that went to another worker, in the middle of a response (transfer) or not"),
    HANDED_OVER_REBALANCE(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_handed_over_total",
            "reason",
            "rebalance",
            "idle",
            "Open connections that went to another worker, in the middle of a response (transfer) or not"),
    HANDED_OVER_RESTART_TRANSFER(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_handed_over_total",
            "reason",
            "restart",
            "transfer",
            "Open connections that went to another worker, in the middle of a response (transfer) or not"),
    HANDED_OVER_SCALE_TRANSFER(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_connections_handed_over_total",
            "reason",
            "scale",
            "transfer",
            "Open connections that went to another worker, in the middle of a response (transfer) or not"),
    REQUEST_BYTES(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_http_request_bytes_total",
            "Bytes that clients sent, as far as they were read"),
    LOOP_LAG(
            Scope.WORKER,
            Kind.MAXIMUM,
            "drover_event_loop_lag_seconds",
            "Longest turn of an event loop within the last second or two"),
    WORKER_CPU(Scope.WORKER, Kind.COUNTER, "drover_worker_cpu_seconds_total", "Processor time that workers took"),
    WORKER_GC(
            Scope.WORKER,
            Kind.COUNTER,
            "drover_worker_gc_seconds_total",
            "Time in which workers stood still to collect garbage"),
    WORKER_HEAP(
            Scope.WORKER,
            Kind.GAUGE,
            "drover_worker_heap_used_bytes",
            "Bytes of the Java heap in use, garbage included");

    /** Who counts: the master once, or every worker (and then there is a label {@code worker}). */
    public enum Scope {
        MASTER,
        WORKER
    }

    /**
     * A counter only grows and outlives its process; a gauge is a level and vanishes with its process, and so is a maximum, but
     * of several the largest counts and not their sum.
     */
    public enum Kind {
        COUNTER,
        GAUGE,
        MAXIMUM
    }

    private static final double NANOS = 1e-9;

    private final Scope scope;
    private final Kind kind;
    private final String metric;
    private final String labelName;
    private final String labelValue;
    private final String kindLabel;
    private final String help;

    Counter(Scope scope, Kind kind, String metric, String help) {
        this(scope, kind, metric, "", "", "", help);
    }

    Counter(Scope scope, Kind kind, String metric, String labelName, String labelValue, String help) {
        this(scope, kind, metric, labelName, labelValue, "", help);
    }

    Counter(Scope scope, Kind kind, String metric, String labelName, String labelValue, String kindLabel, String help) {
        this.scope = scope;
        this.kind = kind;
        this.metric = metric;
        this.labelName = labelName;
        this.labelValue = labelValue;
        this.kindLabel = kindLabel;
        this.help = help;
    }

    /** The place in every section: the order of this list, which is why it is append only. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }

    public Scope scope() {
        return scope;
    }

    public Kind kind() {
        return kind;
    }

    /** The Prometheus name, base unit included; constants that differ only in a label share it. */
    public String metric() {
        return metric;
    }

    /** What tells it from others of the same metric, by label; {@code worker} apart. */
    public Map<String, String> labels() {
        var labels = new TreeMap<String, String>();
        if (!labelName.isEmpty()) {
            labels.put(labelName, labelValue);
        }
        if (!kindLabel.isEmpty()) {
            labels.put("kind", kindLabel);
        }
        return labels;
    }

    /** What a number times is the base unit of the metric: times lie in the region as nanoseconds. */
    public double unit() {
        return metric.contains("_seconds") ? NANOS : 1;
    }

    /** A number that was read together with another of its kind. */
    long plus(long one, long other) {
        return kind == Kind.MAXIMUM ? Math.max(one, other) : one + other;
    }

    public String help() {
        return help;
    }

    /** The counter for a status code of 200 to 599. */
    public static Counter requestsWith(int statusCode) {
        return switch (statusCode / 100) {
            case 2 -> REQUESTS_2XX;
            case 3 -> REQUESTS_3XX;
            case 4 -> REQUESTS_4XX;
            case 5 -> REQUESTS_5XX;
            default -> throw new IllegalArgumentException("no counter for status code " + statusCode);
        };
    }
}
