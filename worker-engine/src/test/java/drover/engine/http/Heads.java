package drover.engine.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Request heads as clients send them. */
public final class Heads {

    public static final String CURL =
            "GET /1k.bin HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";

    public static final String BROWSER = """
            GET /docs/guide/getting-started.html?from=search HTTP/1.1
            Host: www.example.org
            Connection: keep-alive
            Cache-Control: max-age=0
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: http://www.example.org/docs/
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-GB,en;q=0.9,de;q=0.8
            Cookie: theme=dark; consent=2026-01-01

            """.replace("\n", "\r\n");

    private Heads() {}

    /** A head, parsed. */
    public static Request request(String head) {
        var parser = new RequestParser();
        var bytes = head.getBytes(US_ASCII);
        if (!(parser.feed(bytes, 0, bytes.length) instanceof Parsing.Complete)) {
            throw new IllegalArgumentException("not a request: " + head);
        }
        return parser.request();
    }
}
