package drover.verify.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What nginx said, status codes in order. To a request of HTTP/0.9 it answers with a body alone, after which it closes: what is
 * left behind the last response that has a head is one more, with the code that an error page names, or 200.
 */
record NginxReplies(List<Integer> codes, int canaries) {

    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) [^\\r]*\\r\\n(?:[^\\r]+\\r\\n)*\\r\\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\nContent-Length: (\\d+)\\r\\n");
    private static final Pattern ERROR_PAGE = Pattern.compile("<title>([45][0-9][0-9]) ");

    /** @param stream what it was asked: responses to HEAD lack the body whose length they tell */
    static NginxReplies of(byte[] bytes, String stream, String canary) {
        var text = new String(bytes, ISO_8859_1);
        var codes = new ArrayList<Integer>();
        int canaries = 0;
        int at = 0;
        boolean mayAnswerHead = stream.contains("HEAD ");
        var head = HEAD.matcher(text);
        while (head.find(at) && head.start() == at) {
            int code = Integer.parseInt(head.group(1));
            int end = Math.min(text.length(), head.end() + length(code, head.group()));
            // What follows the first may be a body of HTTP/0.9 that looks like its own.
            boolean hasNoBody = (codes.isEmpty() && stream.startsWith("HEAD "))
                    || (mayAnswerHead && (head.end() == text.length() || text.startsWith("HTTP/1.1 ", head.end())));
            at = hasNoBody ? head.end() : end;
            if (code >= 200) {
                codes.add(code);
                canaries += text.substring(head.end(), at).equals(canary) ? 1 : 0;
            }
        }
        var rest = text.substring(at);
        if (!rest.isEmpty()) {
            var error = ERROR_PAGE.matcher(rest);
            codes.add(error.find() ? Integer.parseInt(error.group(1)) : 200);
        }
        return new NginxReplies(List.copyOf(codes), canaries);
    }

    private static int length(int code, String head) {
        var length = LENGTH.matcher(head);
        return code < 200 || code == 204 || code == 304 || !length.find() ? 0 : Integer.parseInt(length.group(1));
    }
}
