package drover.engine.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file in one coding, ready to be sent. */
public sealed interface Content {

    Representation representation();

    /** What its bytes lie in. */
    Held source();

    /** Makes sure that it stays until {@link #release}; false if it is gone. */
    default boolean hold() {
        return source().hold();
    }

    default void release() throws IOException {
        source().release();
    }

    /** In memory that the kernel can send from. */
    record InMemory(Representation representation, Body source) implements Content {

        /** Shared by all threads, so the caller takes a duplicate before it moves in it. */
        public ByteBuffer body() {
            return source.bytes();
        }
    }

    /** In an open file, which the kernel sends by itself. */
    record InFile(Representation representation, OpenFile file) implements Content {

        @Override
        public OpenFile source() {
            return file;
        }
    }
}
