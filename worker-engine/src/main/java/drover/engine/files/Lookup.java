package drover.engine.files;

import drover.engine.http.Status;
import java.nio.channels.FileChannel;

/** What a look at the file system found. */
public sealed interface Lookup {

    /** A file to send. */
    sealed interface File extends Lookup {}

    /** No file to send. */
    sealed interface Refusal extends Lookup {

        Status status();
    }

    /** A small file with its content. */
    record Found(FileEntry entry) implements File {}

    /**
     * A file too large to keep, opened for one response: whoever gets it closes it. What is said of it is true of this
     * open file, whatever happens to the path meanwhile.
     */
    record Opened(Representation representation, FileChannel channel) implements File {}

    /** The path is a directory and does not end in a slash. */
    record Directory() implements Lookup {}

    record Missing() implements Refusal {

        @Override
        public Status status() {
            return Status.NOT_FOUND;
        }
    }

    record Forbidden() implements Refusal {

        @Override
        public Status status() {
            return Status.FORBIDDEN;
        }
    }

    /** The server, not the client, is in the way. */
    record Failed(String why) implements Refusal {

        @Override
        public Status status() {
            return Status.INTERNAL_SERVER_ERROR;
        }
    }

    /** Nothing was looked for: the site does not answer now, or not this client. */
    record Closed(Status status) implements Refusal {}

    /** The site has a file of its own to say no with. */
    record ErrorPage(Refusal refusal, File file) implements Lookup {}
}
