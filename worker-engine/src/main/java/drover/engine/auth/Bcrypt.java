package drover.engine.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A password's hash as bcrypt makes it: {@code $2b$10$} and 22 characters of salt and 31 of hash. {@code $2a} and {@code $2y}
 * are the same function; {@code $2x}, a bug of one old library, is not accepted.
 */
final class Bcrypt {

    static final int LEAST_COST = 4;
    /** A second or so of one core. */
    static final int MOST_COST = 14;

    private static final Pattern FORM =
            Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

    /** Base64 in another order. */
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static final byte[] PLAINTEXT = "OrpheanBeholderScryDoubt".getBytes(StandardCharsets.US_ASCII);
    private static final int ENCRYPTIONS = 64;
    /** The last byte of the ciphertext was forgotten by the first implementation, and so by all. */
    private static final int HASH_BYTES = 23;

    private static final int KEY_BYTES = 72;

    private final int cost;
    private final byte[] salt;
    private final byte[] hash;

    private Bcrypt(int cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /** Reads a hash; empty if it is none, or costs too little or too much. */
    static Optional<Bcrypt> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int cost = Integer.parseInt(form.group(1));
        return cost < LEAST_COST || cost > MOST_COST
                ? Optional.empty()
                : Optional.of(new Bcrypt(cost, decode(form.group(2)), decode(form.group(3))));
    }

    private static byte[] decode(String text) {
        var base64 = new StringBuilder();
        text.chars().forEach(c -> base64.append(BASE64.charAt(ALPHABET.indexOf(c))));
        return Base64.getDecoder().decode(base64.toString());
    }

    /** Takes its time: 40 ms or more for a cost of 10, twice as long for each more. */
    boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, hash(password));
    }

    private byte[] hash(byte[] password) {
        var cipher = new Blowfish(words(key(password)), words(salt), cost);
        var text = words(PLAINTEXT);
        for (int i = 0; i < ENCRYPTIONS; i++) {
            for (int at = 0; at < text.length; at += 2) {
                cipher.encrypt(text, at);
            }
        }
        var bytes = ByteBuffer.allocate(PLAINTEXT.length);
        bytes.asIntBuffer().put(text);
        return Arrays.copyOf(bytes.array(), HASH_BYTES);
    }

    /** The password and a zero byte, again and again until there are enough; what is longer is cut. */
    private static byte[] key(byte[] password) {
        var key = new byte[KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            int at = i % (password.length + 1);
            key[i] = at < password.length ? password[at] : 0;
        }
        return key;
    }

    private static int[] words(byte[] bytes) {
        var words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(words);
        return words;
    }
}
