package drover.engine.accesslog;

import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Standard output, which workers may share with each other and with strangers: a pipe as a rule. Lines go out in pieces
 * that a pipe takes whole or not at all (pipe(7), PIPE_BUF), so that no other writer's lines get between; while the reader
 * is behind, they wait.
 */
final class StandardOutput implements LogTarget {

    private static final int PIECE = 4096;

    private boolean torn;

    @Override
    public boolean begin(long bytes) {
        return true;
    }

    @Override
    public void append(Lines lines) throws IOException {
        if (torn) {
            write(new Lines(ByteBuffer.allocateDirect(1).put(0, (byte) '\n'), ByteBuffer.allocateDirect(0)));
            torn = false;
        }
        while (lines.bytes() > 0 && Posix.isWritable(Posix.STDOUT)) {
            int piece = lines.whole(Math.min(PIECE, lines.bytes()));
            var unwritten = lines.head(piece);
            try {
                write(unwritten);
            } catch (IOException refused) {
                torn = unwritten.bytes() < piece;
                throw refused;
            }
            lines.skip(piece - unwritten.bytes());
            if (unwritten.bytes() > 0) {
                return;
            }
        }
    }

    /** Writes all, or nothing if it would have to wait. */
    private static void write(Lines lines) throws IOException {
        int bytes = lines.bytes();
        while (lines.bytes() > 0) {
            long count = Posix.write(Posix.STDOUT, lines.first(), lines.second());
            if (count == -Posix.EAGAIN && lines.bytes() == bytes) {
                return;
            }
            if (count < 0 && count != -Posix.EINTR && count != -Posix.EAGAIN) {
                throw new IOException("cannot write to standard output: errno=" + -count);
            }
        }
    }

    @Override
    public void end() {
        // nothing was begun
    }

    @Override
    public long rotations() {
        return 0;
    }

    @Override
    public void close() {
        // standard output stays open as long as the process
    }
}
