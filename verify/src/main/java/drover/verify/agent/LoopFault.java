package drover.verify.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an event loop does wrong: whatever a file of that name in the watched directory asks for, once, in the loop that
 * takes the file away first.
 */
public enum LoopFault {
    /** Turns no more, and takes all of a processor. */
    SPIN,
    /** A bug's exception. */
    THROW,
    /** A heap that is full. */
    HEAP,
    /** Direct memory that is used up. */
    DIRECT;

    private static final int MEGABYTE = 1 << 20;
    private static final List<Object> HOARD = new ArrayList<>();
    private static Path directory = Path.of("/nowhere");

    static void watch(Path where) {
        directory = where;
    }

    /** Called by the event loop at every turn. */
    @SuppressWarnings("unused") // by what LoopAgent writes
    public static void strike() throws IOException {
        for (var fault : values()) {
            if (Files.deleteIfExists(fault.file(directory))) {
                fault.happen();
            }
        }
    }

    /** The file that orders it; who makes it says which worker is meant by nothing, so it is the first that turns. */
    public Path file(Path where) {
        return where.resolve(name().toLowerCase(Locale.ROOT));
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private void happen() {
        switch (this) {
            case SPIN -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case THROW -> throw new IllegalStateException("thrown by order");
            case HEAP -> {
                while (true) {
                    HOARD.add(new byte[MEGABYTE]);
                }
            }
            case DIRECT -> {
                while (true) {
                    HOARD.add(ByteBuffer.allocateDirect(MEGABYTE));
                }
            }
        }
    }
}
