package drover.engine.accesslog;

import java.nio.ByteBuffer;

/** What waits in a ring: whole lines in two parts, because a ring wraps. A line may begin in one and end in the other. */
record Lines(ByteBuffer first, ByteBuffer second) {

    int bytes() {
        return first.remaining() + second.remaining();
    }

    long count() {
        return newlines(first) + newlines(second);
    }

    private static long newlines(ByteBuffer part) {
        long count = 0;
        for (int at = part.position(); at < part.limit(); at++) {
            if (part.get(at) == '\n') {
                count++;
            }
        }
        return count;
    }

    /** How many of the first {@code bytes} are whole lines. */
    int whole(int bytes) {
        int whole = bytes;
        while (whole > 0 && at(whole - 1) != '\n') {
            whole--;
        }
        return whole;
    }

    private byte at(int index) {
        int ofFirst = first.remaining();
        return index < ofFirst ? first.get(first.position() + index) : second.get(second.position() + index - ofFirst);
    }

    /** The first {@code bytes} of these, on positions of their own. */
    Lines head(int bytes) {
        int ofFirst = Math.min(bytes, first.remaining());
        return new Lines(first.slice(first.position(), ofFirst), second.slice(second.position(), bytes - ofFirst));
    }

    /** Moves behind the first {@code bytes}. */
    void skip(int bytes) {
        int ofFirst = Math.min(bytes, first.remaining());
        first.position(first.position() + ofFirst);
        second.position(second.position() + bytes - ofFirst);
    }
}
