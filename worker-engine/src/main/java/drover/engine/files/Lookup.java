package drover.engine.files;

import drover.engine.http.Status;

/** What a look at the file system found. */
public sealed interface Lookup {

    /**
     * A file, held for whoever gets this. What is said of it is true of this content, whatever happens to the path
     * meanwhile.
     */
    record Found(Content content) implements Lookup {}

    /** The path is a directory and does not end in a slash. */
    record Directory() implements Lookup {}

    /** No file to send. */
    sealed interface Refusal extends Lookup {

        Status status();
    }

    record Missing() implements Refusal {

        @Override
        public Status status() {
            return Status.NOT_FOUND;
        }
    }

    /** The file is there, but in no coding that the client accepts. */
    record Unacceptable() implements Refusal {

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
    record ErrorPage(Refusal refusal, Found page) implements Lookup {}
}
