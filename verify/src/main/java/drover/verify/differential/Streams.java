package drover.verify.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Streams of requests by a grammar that prefers what servers have been found to disagree about: where a body ends, where a line
 * ends, who is asked. Behind each lies a plain request, the canary: whoever answers it took what lies before for finished.
 */
final class Streams {

    static final String CANARY = "GET /canary.txt HTTP/1.1\r\nHost: drover.test\r\nConnection: close\r\n\r\n";

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH",
            "get", "GETT", "G-T", "G_T", "", "GET ", " GET");
    private static final List<String> TARGETS = List.of(
            "/hello.txt",
            "/hello.txt",
            "/hello.txt",
            "/",
            "/sub/page.txt",
            "/sub",
            "/missing",
            "/hello.txt?a=b",
            "//hello.txt",
            "/./hello.txt",
            "/sub/../hello.txt",
            "/..",
            "/%2e%2e/hello.txt",
            "/sub%2fpage.txt",
            "/hello%2etxt",
            "/%00",
            "/a%0d%0ab",
            "/%",
            "/%zz",
            "/sub\\page.txt",
            "/hello.txt#f",
            "/hello.txt%23",
            "*",
            "http://drover.test/hello.txt",
            "HTTP://drover.test/hello.txt",
            "http://drover.test",
            "http://other.test/",
            "http:///hello.txt",
            "http://drover.test:80/hello.txt",
            "http://user@drover.test/hello.txt",
            "ftp://drover.test/hello.txt",
            "hello.txt",
            "drover.test:80",
            "/hel\tlo.txt",
            "/hello.txt ",
            "/h\u00e9llo.txt",
            "/h%c3%a9llo.txt",
            "/%c0%af",
            "?",
            "/hello.txt\u007f",
            "/{}|^`\"<>");
    private static final List<String> VERSIONS = List.of(
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.1",
            "HTTP/1.0",
            "HTTP/1.2",
            "HTTP/2.0",
            "HTTP/0.9",
            "HTTP/1",
            "HTTP/1.",
            "HTTP/1.10",
            "HTTP/01.1",
            "http/1.1",
            "HTTP /1.1",
            "HTTP/1.1 ",
            " HTTP/1.1",
            "HTTP/1,1",
            "HTTP/11.1",
            "");
    private static final List<String> ENDS = List.of(
            "\r\n",
            "\r\n",
            "\r\n",
            "\r\n",
            "\r\n",
            "\r\n",
            "\r\n",
            "\r\n",
            "\n",
            "\r",
            "\r\r\n",
            "\n\r",
            "\r\n ",
            "\u000b\r\n");
    private static final List<String> HOSTS = List.of(
            "drover.test",
            "drover.test",
            "drover.test",
            "drover.test",
            "DROVER.TEST",
            "drover.test:80",
            "drover.test:",
            "drover.test:x",
            "drover.test.",
            "drover..test",
            ".drover.test",
            "",
            " ",
            ":80",
            "other.test",
            "drover.test, other.test",
            "drover.test other.test",
            "user@drover.test",
            "drover.test/",
            "drover.test/x",
            "drover.test?x",
            "[::1]",
            "[::1",
            "[::1]x",
            "[::g]",
            "127.0.0.1",
            "dr\u00f6ver.test",
            "drover_test",
            "drover.test\t",
            "a:b:c",
            "-",
            "drover%2etest",
            "drover.test#",
            "drover\\test",
            "\"drover.test\"");
    private static final List<String> LENGTHS = List.of(
            "0",
            "0",
            "5",
            "5",
            "5",
            "70",
            "4",
            "00",
            "05",
            "+5",
            "-5",
            "5 ",
            " 5",
            "5,5",
            "5, 5",
            "5,6",
            "5 5",
            "0x5",
            "5.0",
            "5e0",
            "",
            "99999999999999999999",
            "9223372036854775807",
            "\"5\"",
            "5;",
            "5\t",
            "\u000b5",
            "5\u00a0");
    private static final List<String> CODINGS = List.of(
            "chunked",
            "chunked",
            "chunked",
            "Chunked",
            " chunked",
            "chunked ",
            "\tchunked",
            "chunked,",
            ",chunked",
            "chunked, chunked",
            "gzip, chunked",
            "chunked, gzip",
            "identity",
            "identity, chunked",
            "xchunked",
            "chunkedx",
            "chun ked",
            "\"chunked\"",
            "chunked;q=1",
            "",
            "gzip",
            "\u000bchunked",
            "chunked\u000b",
            "chunked\u0000");
    private static final List<String> CHUNKED = List.of(
            "5\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: y\r\n\r\n",
            "5;a=b\r\nhello\r\n0\r\n\r\n",
            "5 ;a\r\nhello\r\n0\r\n\r\n",
            "05\r\nhello\r\n00\r\n\r\n",
            "5\nhello\n0\n\n",
            "0x5\r\nhello\r\n0\r\n\r\n",
            "+5\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello0\r\n\r\n",
            "6\r\nhello\r\n0\r\n\r\n",
            "4\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello\r\n",
            "fffffffffffffffff\r\n",
            "-1\r\n",
            "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
            "5\r\nhello\r\n0\r\n \r\n",
            "5\r\r\nhello\r\n0\r\n\r\n",
            "5;\"\r\n\"\r\nhello\r\n0\r\n\r\n",
            "g\r\n");
    private static final List<String> OTHERS = List.of(
            "Connection: close",
            "Connection: keep-alive",
            "Connection: Keep-Alive, x",
            "Connection: host",
            "Connection: content-length",
            "Connection: transfer-encoding",
            "Keep-Alive: 5",
            "Expect: 100-continue",
            "Expect: x",
            "Upgrade: h2c",
            "TE: trailers",
            "Range: bytes=0-1",
            "Range: bytes=1-0",
            "Accept-Encoding: gzip",
            "X-A: b",
            "X-A:",
            "X-A",
            ":",
            ": b",
            "X A: b",
            " X-A: b",
            "X-A : b",
            "X-A\t: b",
            "X-A: b\r\n c",
            "X-A: b\r\n\tc",
            "X_A: b",
            "X.A: b",
            "X-\u00e9: b",
            "X-A: \u00e9",
            "X-A: \u0000",
            "X-A: a\rb",
            "X-A: a\nHost: other.test",
            "X-A: \u0001",
            "X-A: \u007f",
            "X(A): b",
            "X\u0000A: b",
            "\"X\": b",
            "Content_Length: 5",
            "Transfer_Encoding: chunked",
            "Trailer: X",
            "If-None-Match: *",
            "Cookie: a=b");
    private static final List<String> LENGTH_NAMES = List.of(
            "Content-Length:",
            "Content-Length:",
            "Content-Length:",
            "content-length:",
            "Content-Length :",
            "Content-Length\t:",
            "Content-Length: ",
            " Content-Length:",
            "Content-Length",
            "Content-Length\u0000:",
            "X: y\n Content-Length:");
    private static final List<String> CODING_NAMES = List.of(
            "Transfer-Encoding:",
            "Transfer-Encoding:",
            "Transfer-Encoding:",
            "transfer-encoding:",
            "Transfer-Encoding :",
            "Transfer-Encoding\t:",
            " Transfer-Encoding:",
            "Transfer-Encoding",
            "Transfer-\r\nEncoding:",
            "Transfer-Encoding:\r\n ");
    private static final List<String> BODIES = List.of(
            "",
            "",
            "hello",
            "hello",
            "hell",
            "hello\r\n",
            "\r\n",
            "\n",
            "0\r\n\r\n",
            "X",
            "GET /canary.txt HTTP/1.1\r\nX: ");

    private final RandomGenerator random;

    Streams(RandomGenerator random) {
        this.random = random;
    }

    byte[] next() {
        var stream = new StringBuilder();
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            message(stream);
        }
        return stream.append(CANARY).toString().getBytes(ISO_8859_1);
    }

    private void message(StringBuilder stream) {
        maybe(40, stream, List.of("\r\n", "\n", "\r\n\r\n", "\r", " ", "\r\n\r\n\r\n\r\n"));
        stream.append(mostly("GET", METHODS)).append(oneIn(30) ? pick(List.of("  ", "\t", "")) : " ");
        stream.append(mostly("/hello.txt", TARGETS)).append(oneIn(30) ? pick(List.of("  ", "\t", "")) : " ");
        stream.append(mostly("HTTP/1.1", VERSIONS)).append(end());
        if (!oneIn(20)) {
            field(
                    stream,
                    oneIn(30) ? pick(List.of("Host :", "host:", "HOST:\t", " Host:", "Host")) : "Host: ",
                    mostly("drover.test", HOSTS));
        }
        maybeField(20, stream, List.of("Host: "), HOSTS);
        maybeField(3, stream, LENGTH_NAMES, LENGTHS);
        maybeField(4, stream, CODING_NAMES, CODINGS);
        maybeField(12, stream, LENGTH_NAMES, LENGTHS);
        maybeField(12, stream, CODING_NAMES, CODINGS);
        for (int left = random.nextInt(3); left > 0; left--) {
            stream.append(mostly("X-A: b", OTHERS)).append(end());
        }
        stream.append(oneIn(20) ? pick(ENDS) : "\r\n");
        body(stream);
    }

    /** A body of the sort that was announced, or nearly. */
    private void body(StringBuilder stream) {
        if (stream.indexOf("ncoding") >= 0 && !oneIn(4)) {
            stream.append(pick(CHUNKED));
        } else if (stream.indexOf("ength") >= 0 || oneIn(20)) {
            stream.append(pick(BODIES));
        }
    }

    private void field(StringBuilder stream, String name, String value) {
        stream.append(name).append(value).append(end());
    }

    private void maybeField(int odds, StringBuilder stream, List<String> names, List<String> values) {
        if (oneIn(odds)) {
            field(stream, mostly(names.getFirst(), names), pick(values));
        }
    }

    private void maybe(int odds, StringBuilder stream, List<String> texts) {
        if (oneIn(odds)) {
            stream.append(pick(texts));
        }
    }

    private String end() {
        return oneIn(40) ? pick(ENDS) : "\r\n";
    }

    /** With many oddities at once a stream is refused for the first of them, and the others are not seen. */
    private String mostly(String plain, List<String> among) {
        return oneIn(4) ? pick(among) : plain;
    }

    private boolean oneIn(int odds) {
        return random.nextInt(odds) == 0;
    }

    private String pick(List<String> among) {
        return among.get(random.nextInt(among.size()));
    }
}
