package drover.admin.history;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.springframework.stereotype.Component;

/**
 * The farm over the last day: each second of the last hour, and ten seconds' averages beyond. Memory is taken once,
 * about 350 KB. Any thread.
 */
@Component
public final class History {

    static final int SECONDS = 3600;
    static final int TENS = 8640;

    private static final int TEN = 10;
    private static final int MAGIC = 0x44524849; // DRHI
    private static final int VERSION = 1;
    private static final double ROUNDING = 1000;

    private final Series seconds = new Series(1, SECONDS);
    private final Series tens = new Series(TEN, TENS);

    /**
     * What was asked for.
     *
     * @param from a multiple of the step, as is {@code to}, which is not in it
     * @param step seconds
     * @param columns by name; the number at {@code i} is the average over the step that begins at {@code from + i * step},
     *     empty if nobody looked then
     */
    public record Answer(Instant from, Instant to, int step, Map<String, List<Optional<Double>>> columns) {}

    /** Adds what was so over the second that ends now; one number for each {@link Column}. */
    synchronized void add(Instant at, float[] values) {
        long second = at.getEpochSecond();
        // Samples come each second, not at it: one that falls behind a second that has none stands for both.
        if (!seconds.isEmpty() && seconds.latest() == second - 2) {
            put(second - 1, values);
        }
        put(second, values);
    }

    private void put(long second, float[] values) {
        seconds.put(second, values);
        long ten = Math.floorDiv(second, TEN);
        var average = new float[Column.COUNT];
        for (var column : Column.values()) {
            average[column.index()] = (float) average(column, ten * TEN, (ten + 1) * TEN);
        }
        tens.put(ten, average);
    }

    /** Over seconds, those apart of which nothing is known; {@code NaN} if that is all of them. */
    private double average(Column column, long from, long to) {
        double sum = 0;
        int known = 0;
        for (long second = from; second < to; second++) {
            float value = value(column, second);
            if (!Float.isNaN(value)) {
                sum += value;
                known++;
            }
        }
        return known == 0 ? Double.NaN : sum / known;
    }

    private float value(Column column, long second) {
        return second < seconds.earliest() ? tens.get(column, Math.floorDiv(second, TEN)) : seconds.get(column, second);
    }

    /** What is known of a time, in steps. All are seconds, two of them since the epoch; the caller sees that they are few. */
    public synchronized Answer between(long from, long to, int step) {
        long first = Math.floorDiv(from, step) * step;
        long end = Math.ceilDiv(to, step) * step;
        var columns = new LinkedHashMap<String, List<Optional<Double>>>();
        for (var column : Column.values()) {
            var numbers = new ArrayList<Optional<Double>>();
            for (long start = first; start < end; start += step) {
                numbers.add(rounded(known(column, start, start + step)));
            }
            columns.put(column.label(), numbers);
        }
        return new Answer(Instant.ofEpochSecond(first), Instant.ofEpochSecond(end), step, columns);
    }

    /** Of a long step only what can be known is looked at. */
    private double known(Column column, long from, long to) {
        return tens.isEmpty()
                ? Double.NaN
                : average(column, Math.max(from, tens.earliest() * TEN), Math.min(to, (tens.latest() + 1) * TEN));
    }

    private static Optional<Double> rounded(double value) {
        return Double.isNaN(value) ? Optional.empty() : Optional.of(Math.round(value * ROUNDING) / ROUNDING);
    }

    // ---- in a file

    /** All of it, as {@link #restore} takes it. */
    synchronized byte[] checkpoint() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(Column.COUNT);
            seconds.write(out);
            tens.write(out);
            out.writeLong(sum(bytes.toByteArray(), bytes.size()));
        } catch (IOException impossible) {
            throw new IllegalStateException("cannot write to memory", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Goes on from a checkpoint.
     *
     * @throws IOException if it is none, or damaged, or of another version; nothing is taken over then
     */
    synchronized void restore(byte[] checkpoint) throws IOException {
        int length = checkpoint.length - Long.BYTES;
        var in = new DataInputStream(new ByteArrayInputStream(checkpoint));
        if (length < Long.BYTES || in.readInt() != MAGIC || in.readInt() != VERSION) {
            throw new IOException("it is no history of this version");
        }
        var end = new DataInputStream(new ByteArrayInputStream(checkpoint, length, Long.BYTES));
        if (end.readLong() != sum(checkpoint, length)) {
            throw new IOException("it is damaged");
        }
        if (in.readInt() != Column.COUNT) {
            throw new IOException("it has other columns");
        }
        seconds.read(in);
        tens.read(in);
    }

    private static long sum(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
