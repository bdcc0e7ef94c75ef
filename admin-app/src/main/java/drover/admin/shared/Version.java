package drover.admin.shared;

import java.util.Optional;

/** Which Drover this is. */
public final class Version {

    /** What the jar's manifest says, or {@code development} when run from classes. */
    public static final String CURRENT = Optional.ofNullable(
                    Version.class.getPackage().getImplementationVersion())
            .orElse("development");

    private Version() {}
}
