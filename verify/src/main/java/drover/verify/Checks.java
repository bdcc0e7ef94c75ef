package drover.verify;

import drover.verify.checks.Serves;
import java.util.List;

/** All checks, in the order in which they run. */
final class Checks {

    private Checks() {}

    static List<Check> all() {
        return List.of(new Serves());
    }
}
