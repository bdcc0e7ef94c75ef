package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.http.Parsing;
import drover.engine.http.PathDecoder;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Any bytes as a request's target, and its path through {@link PathDecoder}: the same as a plain reading of the rules gives,
 * never a segment that leads upwards, and stable when it is encoded and decoded again.
 */
public final class PathTarget {

    private static final byte[] BEFORE = "GET ".getBytes(ISO_8859_1);
    private static final byte[] BEHIND = " HTTP/1.1\r\nHost: drover.test\r\n\r\n".getBytes(ISO_8859_1);

    private PathTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        var head = new ByteArrayOutputStream();
        head.writeBytes(BEFORE);
        head.writeBytes(input);
        head.writeBytes(BEHIND);
        var bytes = head.toByteArray();
        var parser = new RequestParser();
        var result = TimeLimit.hold(() -> {
            parser.reset();
            return parser.feed(bytes, 0, bytes.length);
        });
        if (result instanceof Parsing.Complete) {
            check(parser.request());
        }
    }

    private static void check(Request request) {
        var path = Arrays.copyOfRange(request.bytes(), request.pathStart(), request.pathEnd());
        var decoded = decode(path);
        Broken.unless(
                decoded.equals(plainly(new String(path, ISO_8859_1))), "decoded in another way than the rules say");
        decoded.ifPresent(PathTarget::check);
    }

    private static void check(String path) {
        Broken.unless(path.startsWith("/"), "does not begin with a slash");
        for (var segment : path.substring(1).split("/", -1)) {
            Broken.unless(!segment.equals(".") && !segment.equals(".."), "leads upwards");
        }
        Broken.unless(path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 0x7f), "has a byte that no path has");
        Broken.unless(!path.contains("//"), "has an empty segment");
        Broken.unless(decode(encoded(path)).equals(Optional.of(path)), "is another path when it is encoded anew");
    }

    /** The decoded path, each byte as the character of its number. */
    private static Optional<String> decode(byte[] path) {
        var out = new byte[path.length + 1];
        int length = TimeLimit.hold(() -> PathDecoder.decode(path, 0, path.length, out));
        return length == PathDecoder.REFUSED ? Optional.empty() : Optional.of(new String(out, 0, length, ISO_8859_1));
    }

    private static byte[] encoded(String path) {
        var encoded = new StringBuilder();
        path.chars().forEach(c -> encoded.append(c == '/' ? "/" : String.format("%%%02x", c)));
        return encoded.toString().getBytes(ISO_8859_1);
    }

    /** The rules once more: decode all, refuse what no path has, make one of many slashes, look at the segments. */
    private static Optional<String> plainly(String path) {
        var decoded = new StringBuilder("/");
        for (int at = 0; at < path.length(); at++) {
            char c = path.charAt(at);
            if (c == '%') {
                if (at + 3 > path.length() || !path.substring(at + 1, at + 3).matches("[0-9A-Fa-f]{2}")) {
                    return Optional.empty();
                }
                c = (char) Integer.parseInt(path.substring(at + 1, at + 3), 16);
                at += 2;
                if (c == '/') {
                    return Optional.empty();
                }
            }
            if (c < ' ' || c == 0x7f || c == '\\') {
                return Optional.empty();
            }
            decoded.append(c);
        }
        var plain = decoded.toString().replaceAll("/+", "/");
        boolean upwards = Arrays.stream(plain.split("/", -1)).anyMatch(segment -> segment.matches("\\.\\.?"));
        return upwards || !isUtf8(plain) ? Optional.empty() : Optional.of(plain);
    }

    private static boolean isUtf8(String octets) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.getBytes(ISO_8859_1)));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
