package drover.verify.fuzz;

/** Something that must hold for every input does not hold for this one. */
final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1;

    private Broken(String what) {
        super(what);
    }

    static void unless(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }
}
