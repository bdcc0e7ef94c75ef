package drover.engine.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file in one coding, ready to be sent. */
public sealed interface Content {

    Representation representation();

    /** Makes sure that it stays until {@link #release}; false if it is gone. */
    boolean hold();

    void release() throws IOException;

    /**
     * In memory that the kernel can send from; there as long as anybody refers to it.
     *
     * @param body shared by all threads, so the caller takes a duplicate before it moves in it
     */
    record InMemory(Representation representation, ByteBuffer body) implements Content {

        @Override
        public boolean hold() {
            return true;
        }

        @Override
        public void release() {}
    }

    /** In an open file, which the kernel sends by itself. */
    record InFile(Representation representation, OpenFile file) implements Content {

        @Override
        public boolean hold() {
            return file.hold();
        }

        @Override
        public void release() throws IOException {
            file.release();
        }
    }
}
