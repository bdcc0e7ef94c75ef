package drover.engine.posix;

import org.jspecify.annotations.Nullable;

/** This JDK does not let a descriptor become a channel in the way {@link Adoption} knows. */
public final class AdoptionUnsupported extends RuntimeException {

    private static final long serialVersionUID = 1;

    AdoptionUnsupported(String why, @Nullable Throwable cause) {
        super("Java " + Runtime.version() + " does not let descriptors be adopted: " + why, cause);
    }
}
