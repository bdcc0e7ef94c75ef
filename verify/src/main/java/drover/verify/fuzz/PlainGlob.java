package drover.verify.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rules of patterns once more, in the plainest way: for each beginning of the path, which beginnings of the pattern match it. */
final class PlainGlob {

    private PlainGlob() {}

    static boolean matches(String pattern, String path) {
        var tokens = tokens(pattern);
        var matched = new boolean[tokens.size() + 1][path.length() + 1];
        matched[0][0] = true;
        for (int t = 0; t < tokens.size(); t++) {
            for (int from = 0; from <= path.length(); from++) {
                if (matched[t][from]) {
                    match(tokens.get(t), path, from, matched[t + 1]);
                }
            }
        }
        return matched[tokens.size()][path.length()];
    }

    /** Marks the places up to which a token may reach. */
    private static void match(String token, String path, int from, boolean[] to) {
        switch (token) {
            case "*" -> {
                int end = from;
                to[end] = true;
                while (end < path.length() && path.charAt(end) != '/') {
                    to[++end] = true;
                }
            }
            case "**" -> Arrays.fill(to, from, to.length, true);
            case "**/" -> {
                to[from] = true;
                for (int end = from; end < path.length(); end++) {
                    to[end + 1] |= path.charAt(end) == '/';
                }
            }
            default -> {
                if (path.startsWith(token, from)) {
                    to[from + token.length()] = true;
                }
            }
        }
    }

    private static List<String> tokens(String pattern) {
        var tokens = new ArrayList<String>();
        int at = 0;
        while (at < pattern.length()) {
            var token = pattern.startsWith("**", at) ? "**" : pattern.substring(at, at + 1);
            if (token.equals("**") && at > 0 && pattern.charAt(at - 1) == '/' && pattern.startsWith("/", at + 2)) {
                token = "**/";
            }
            tokens.add(token);
            at += token.length();
        }
        return tokens;
    }
}
