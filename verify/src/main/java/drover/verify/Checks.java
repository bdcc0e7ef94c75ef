package drover.verify;

import drover.verify.checks.Serves;
import drover.verify.differential.Differential;
import drover.verify.fuzz.FuzzCheck;
import drover.verify.fuzz.Mutated;
import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order in which they run. */
final class Checks {

    private Checks() {}

    static List<Check> all() {
        return Stream.of(List.of(new Serves()), FuzzCheck.all(), List.of(new Mutated(), new Differential()))
                .<Check>flatMap(List::stream)
                .toList();
    }
}
