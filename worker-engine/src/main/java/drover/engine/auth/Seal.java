package drover.engine.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What stands for credentials that were found right: HMAC-SHA256, RFC 2104, with a key that nobody but this process knows. */
record Seal(long first, long second, long third, long fourth) {

    /** Makes seals; one for each thread. */
    static final class Maker {

        private static final int BLOCK_BYTES = 64;
        private static final byte INNER = 0x36;
        private static final byte OUTER = 0x5c;

        private final MessageDigest digest;
        private final byte[] inner = new byte[BLOCK_BYTES];
        private final byte[] outer = new byte[BLOCK_BYTES];

        /** The key is at most as long as a block. */
        Maker(byte[] key) {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has SHA-256", impossible);
            }
            for (int i = 0; i < BLOCK_BYTES; i++) {
                byte octet = i < key.length ? key[i] : 0;
                inner[i] = (byte) (octet ^ INNER);
                outer[i] = (byte) (octet ^ OUTER);
            }
        }

        Seal of(byte[] bytes, int from, int to) {
            digest.update(inner);
            digest.update(bytes, from, to - from);
            var hash = digest.digest();
            digest.update(outer);
            var seal = ByteBuffer.wrap(digest.digest(hash));
            return new Seal(seal.getLong(), seal.getLong(), seal.getLong(), seal.getLong());
        }
    }
}
