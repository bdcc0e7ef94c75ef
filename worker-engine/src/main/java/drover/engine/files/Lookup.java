package drover.engine.files;

/** What a look at the file system found. */
public sealed interface Lookup {

    /**
     * A file, held for whoever gets this. What is said of it is true of this content, whatever happens to the path
     * meanwhile.
     */
    record Found(Content content) implements Lookup {}

    /** The path is a directory and does not end in a slash. */
    record Directory() implements Lookup {}

    record Missing() implements Lookup {}

    /** The file is there, but in no coding that the client accepts. */
    record Unacceptable() implements Lookup {}

    record Forbidden() implements Lookup {}

    /** The server, not the client, is in the way. */
    record Failed(String why) implements Lookup {}
}
