package drover.engine.files;

import java.nio.ByteBuffer;

/**
 * A file in one coding, in memory the kernel can send from.
 *
 * @param body shared by all threads, so the caller takes a duplicate before it moves in it
 */
public record Content(Representation representation, ByteBuffer body) {

    long size() {
        return body.capacity();
    }
}
