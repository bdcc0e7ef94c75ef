package drover.engine.files;

import java.nio.channels.FileChannel;

/** What a look at the file system found. */
public sealed interface Lookup {

    /** A small file's content. */
    record Found(Content content) implements Lookup {}

    /**
     * A file too large to keep, opened for one response: whoever gets it closes it. What is said of it is true of this
     * open file, whatever happens to the path meanwhile.
     */
    record Opened(Representation representation, FileChannel channel) implements Lookup {}

    /** The path is a directory and does not end in a slash. */
    record Directory() implements Lookup {}

    record Missing() implements Lookup {}

    /** The file is there, but in no coding that the client accepts. */
    record Unacceptable() implements Lookup {}

    record Forbidden() implements Lookup {}

    /** The server, not the client, is in the way. */
    record Failed(String why) implements Lookup {}
}
