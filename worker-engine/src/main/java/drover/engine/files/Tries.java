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
        ERROR_PAGE
    }

    /**
     * One was looked for.
     *
     * @param name from the site's directory
     */
    void tried(As as, String name, Lookup found);
}
