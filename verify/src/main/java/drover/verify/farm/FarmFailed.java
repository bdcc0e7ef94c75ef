package drover.verify.farm;

/** The farm is not what a check needs to begin or to go on. */
public final class FarmFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    public FarmFailed(String what) {
        super(what);
    }
}
