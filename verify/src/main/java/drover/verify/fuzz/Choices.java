package drover.verify.fuzz;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Choices that depend on the input alone, so that an input found once does the same again. */
final class Choices {

    private Choices() {}

    static RandomGenerator of(byte[] input) {
        return new Random(Arrays.hashCode(input));
    }
}
