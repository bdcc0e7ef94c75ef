package drover.engine.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** A name and a password as a client says them, RFC 7617 §2, in UTF-8. Not for logs, but for the name. */
public final class BasicCredentials {

    private static final String SCHEME = "basic ";

    private final String user;
    private final byte[] password;

    private BasicCredentials(String user, byte[] password) {
        this.user = user;
        this.password = password;
    }

    /** Those of a request; empty if it has none, in another scheme, more than once, or malformed. */
    public static Optional<BasicCredentials> of(Request request) {
        return request.has(Field.AUTHORIZATION) && !request.isRepeated(Field.AUTHORIZATION)
                ? parse(request.value(Field.AUTHORIZATION))
                : Optional.empty();
    }

    static Optional<BasicCredentials> parse(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        try {
            return of(
                    Base64.getDecoder().decode(value.substring(SCHEME.length()).strip()));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Neither part may have control characters; the first colon parts them. */
    private static Optional<BasicCredentials> of(byte[] pair) {
        int colon = -1;
        for (int i = 0; i < pair.length; i++) {
            if ((pair[i] >= 0 && pair[i] < ' ') || pair[i] == 0x7f) {
                return Optional.empty();
            }
            colon = colon < 0 && pair[i] == ':' ? i : colon;
        }
        if (colon < 0 || !Utf8.isValid(pair, pair.length)) {
            return Optional.empty();
        }
        return Optional.of(new BasicCredentials(
                new String(pair, 0, colon, StandardCharsets.UTF_8), Arrays.copyOfRange(pair, colon + 1, pair.length)));
    }

    public String user() {
        return user;
    }

    /** Bytes of UTF-8, the caller's own. */
    public byte[] password() {
        return password.clone();
    }

    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
