package drover.engine.files;

/** Is told what a look-up tries, in order, for whoever wants to know why it found what it did. */
@FunctionalInterface
public interface Tries {

    /** Nobody wants to know. */
    Tries UNTOLD = (_, _, _) -> {};

    /** What a file is looked for as. */
    enum As {
        /** What the path means. */
        FILE,
        /** The directory that the path means, to be listed. */
        LISTING,
        /** What the site has for routes without a file. */
        FALLBACK,
        /** What the site has to say no with. */
        ERROR_PAGE;

        /** What a path of the request names as this, from the site's directory. */
        public String name(byte[] path) {
            var name = DocumentRoot.name(path);
            return this == FILE || this == ERROR_PAGE ? DocumentRoot.fileOf(name) : name;
        }
    }

    /** One was looked for; the path is still the caller's. */
    void tried(As as, byte[] path, Lookup found);
}
