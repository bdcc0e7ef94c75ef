package drover.engine.auth;

import java.math.BigInteger;

/**
 * The block cipher Blowfish with the expensive key schedule of bcrypt (Provos and Mazières, USENIX 1999). It encrypts blocks
 * of two words. One thread.
 */
final class Blowfish {

    private static final int ROUNDS = 16;
    /** Words of the subkeys, and of the four substitution boxes behind one another. */
    private static final int SUBKEY_WORDS = ROUNDS + 2;

    private static final int BOX_WORDS = 4 * 256;

    private static final int[] ZERO = new int[4];

    private final int[] subkeys;
    private final int[] boxes;
    /** The block that is being encrypted. */
    private int left;

    private int right;

    /**
     * Schedules a key.
     *
     * @param key 18 words
     * @param salt 4 words
     * @param cost the base-2 logarithm of how often it is done
     */
    Blowfish(int[] key, int[] salt, int cost) {
        subkeys = Pi.SUBKEYS.clone();
        boxes = Pi.BOXES.clone();
        expand(key, salt);
        var saltAsKey = new int[SUBKEY_WORDS];
        for (int i = 0; i < SUBKEY_WORDS; i++) {
            saltAsKey[i] = salt[i % salt.length];
        }
        for (long times = 1L << cost; times > 0; times--) {
            expand(key, ZERO);
            expand(saltAsKey, ZERO);
        }
    }

    /** Works out what every cipher starts with, so that the first password need not wait for it. */
    static void prepare() {
        new Blowfish(new int[SUBKEY_WORDS], ZERO, /* cost= */ 0);
    }

    private void expand(int[] key, int[] salt) {
        for (int i = 0; i < SUBKEY_WORDS; i++) {
            subkeys[i] ^= key[i];
        }
        left = 0;
        right = 0;
        fill(subkeys, salt, 0);
        fill(boxes, salt, SUBKEY_WORDS);
    }

    /** Replaces words by what the cipher, as it is so far, makes of the salt and of itself. */
    private void fill(int[] words, int[] salt, int before) {
        for (int i = 0; i < words.length; i += 2) {
            left ^= salt[(before + i) & 3];
            right ^= salt[(before + i + 1) & 3];
            encrypt();
            words[i] = left;
            words[i + 1] = right;
        }
    }

    /** Encrypts the two words at a place. */
    void encrypt(int[] words, int at) {
        left = words[at];
        right = words[at + 1];
        encrypt();
        words[at] = left;
        words[at + 1] = right;
    }

    private void encrypt() {
        var p = subkeys;
        var s = boxes;
        int l = left ^ p[0];
        int r = right;
        for (int i = 1; i < ROUNDS; i += 2) {
            r ^= (((s[l >>> 24] + s[256 | (l >>> 16 & 0xff)]) ^ s[512 | (l >>> 8 & 0xff)]) + s[768 | (l & 0xff)])
                    ^ p[i];
            l ^= (((s[r >>> 24] + s[256 | (r >>> 16 & 0xff)]) ^ s[512 | (r >>> 8 & 0xff)]) + s[768 | (r & 0xff)])
                    ^ p[i + 1];
        }
        left = r ^ p[ROUNDS + 1];
        right = l;
    }

    /**
     * What the cipher starts with: the fraction of π in binary, its first words the subkeys, the others the boxes. Worked
     * out once, in some 50 ms, which is less to get wrong than a table of 1,042 numbers.
     */
    private static final class Pi {

        private static final int BITS = (SUBKEY_WORDS + BOX_WORDS) * Integer.SIZE;
        /** So that no rounding reaches the bits that count. */
        private static final int SPARE_BITS = 64;

        private static final int[] SUBKEYS = new int[SUBKEY_WORDS];
        private static final int[] BOXES = new int[BOX_WORDS];

        static {
            var fraction = pi().shiftRight(SPARE_BITS);
            for (int i = 0; i < SUBKEYS.length + BOXES.length; i++) {
                int word = fraction.shiftRight(BITS - Integer.SIZE * (i + 1)).intValue();
                if (i < SUBKEYS.length) {
                    SUBKEYS[i] = word;
                } else {
                    BOXES[i - SUBKEYS.length] = word;
                }
            }
        }

        /** Machin's formula: π/4 = 4 arctan 1/5 − arctan 1/239. */
        private static BigInteger pi() {
            return inverseArctan(5).shiftLeft(2).subtract(inverseArctan(239)).shiftLeft(2);
        }

        /** The arctangent of 1/x by its power series. */
        private static BigInteger inverseArctan(int x) {
            var square = BigInteger.valueOf((long) x * x);
            var power = BigInteger.ONE.shiftLeft(BITS + SPARE_BITS).divide(BigInteger.valueOf(x));
            var sum = power;
            for (int n = 3; power.signum() > 0; n += 2) {
                power = power.divide(square);
                var term = power.divide(BigInteger.valueOf(n));
                sum = n % 4 == 3 ? sum.subtract(term) : sum.add(term);
            }
            return sum;
        }
    }
}
