package drover.admin.history;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Numbers at equal distances in time, the last so many of them: a ring in which each step of time has its place, so that
 * a gap in time is a gap here, {@code NaN}. Times are numbers of steps since the epoch. One thread at a time.
 */
final class Series {

    private static final long NEVER = Long.MIN_VALUE;

    private final int stepSeconds;
    private final int places;
    private final float[][] columns;
    private long latest = NEVER;

    Series(int stepSeconds, int places) {
        this.stepSeconds = stepSeconds;
        this.places = places;
        this.columns = new float[Column.COUNT][places];
        clear();
    }

    private void clear() {
        for (var column : columns) {
            Arrays.fill(column, Float.NaN);
        }
    }

    boolean isEmpty() {
        return latest == NEVER;
    }

    /** The latest step that has numbers, if one has. */
    long latest() {
        return latest;
    }

    /** The earliest step that can have numbers, if one can. */
    long earliest() {
        return isEmpty() ? NEVER : latest - places + 1;
    }

    /** Sets a step's numbers. Steps between it and the latest have none; a clock that was set far back begins anew. */
    void put(long step, float[] values) {
        if (isEmpty() || step < earliest() || step - latest >= places) {
            clear();
            latest = step;
        }
        while (latest < step) {
            latest++;
            set(latest, Float.NaN);
        }
        for (int column = 0; column < columns.length; column++) {
            columns[column][place(step)] = values[column];
        }
    }

    private void set(long step, float value) {
        for (var column : columns) {
            column[place(step)] = value;
        }
    }

    /** {@code NaN} if there is none. */
    float get(Column column, long step) {
        boolean covered = !isEmpty() && step >= earliest() && step <= latest;
        return covered ? columns[column.index()][place(step)] : Float.NaN;
    }

    private int place(long step) {
        return Math.floorMod(step, places);
    }

    // ---- in a file

    void write(DataOutputStream out) throws IOException {
        out.writeInt(stepSeconds);
        out.writeInt(places);
        out.writeLong(latest);
        for (var column : columns) {
            for (float value : column) {
                out.writeFloat(value);
            }
        }
    }

    /** Takes over what was written of a series of the same shape. */
    void read(DataInputStream in) throws IOException {
        if (in.readInt() != stepSeconds || in.readInt() != places) {
            throw new IOException("it has another shape");
        }
        latest = in.readLong();
        for (var column : columns) {
            for (int place = 0; place < places; place++) {
                column[place] = in.readFloat();
            }
        }
    }
}
