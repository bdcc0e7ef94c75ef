package drover.admin.crashes;

import java.time.Instant;

/**
 * A slot at one moment.
 *
 * @param requestsPerSecond over the second before
 * @param reading open connections by what is done with them, as are {@code writing} and {@code idle}
 * @param fileQueue requests that waited for a file thread
 * @param heapBytes of the Java heap in use
 * @param loopLagSeconds longest turn of an event loop of late
 */
public record Gauges(
        Instant at,
        double requestsPerSecond,
        long reading,
        long writing,
        long idle,
        long fileQueue,
        long heapBytes,
        double loopLagSeconds) {}
