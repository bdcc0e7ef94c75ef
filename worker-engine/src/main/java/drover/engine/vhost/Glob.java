package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A pattern over decoded paths, compiled once: {@code *} stands for anything without a slash, {@code **} for anything, and
 * {@code **}{@code /} at the start of a segment for any number of directories. Each takes as little as it can. Time is at
 * most the product of both lengths: no wildcard is tried twice with the same end.
 */
public final class Glob {

    private static final int STAR = -1;
    private static final int ANY = -2;
    private static final int DIRECTORIES = -3;

    private final String text;
    private final int[] pattern;
    private final int wildcards;

    public Glob(String text) {
        this.text = text;
        var compiled = new ArrayList<Integer>();
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '*') {
                compiled.add(bytes[i] & 0xff);
            } else if (!isStar(bytes, i + 1)) {
                compiled.add(STAR);
            } else {
                boolean whole = i > 0 && bytes[i - 1] == '/' && i + 2 < bytes.length && bytes[i + 2] == '/';
                compiled.add(whole ? DIRECTORIES : ANY);
                i += whole ? 2 : 1;
            }
        }
        pattern = compiled.stream().mapToInt(Integer::intValue).toArray();
        wildcards = (int) compiled.stream().filter(token -> token < 0).count();
    }

    private static boolean isStar(byte[] bytes, int at) {
        return at < bytes.length && bytes[at] == '*';
    }

    public boolean matches(byte[] path, int length) {
        return match(path, length).isPresent();
    }

    /** What each wildcard stood for, if the path matches; allocates nothing if it differs before the first of them. */
    public Optional<List<String>> match(byte[] path, int length) {
        int literal = 0;
        while (literal < pattern.length && pattern[literal] >= 0) {
            if (literal >= length || pattern[literal] != (path[literal] & 0xff)) {
                return Optional.empty();
            }
            literal++;
        }
        var walk = new Walk(path, length);
        return walk.matches(literal, literal, 0) ? Optional.of(walk.captures()) : Optional.empty();
    }

    /** One comparison. */
    private final class Walk {

        private final byte[] path;
        private final int length;
        private final int[] starts = new int[wildcards];
        private final int[] ends = new int[wildcards];
        private final int[] tokens = new int[wildcards];
        /** A bit for each wildcard and end of it behind which the rest is known not to match; with one wildcard none is met twice. */
        private final BitSet dead = new BitSet();

        Walk(byte[] path, int length) {
            this.path = path;
            this.length = length;
        }

        /** Whether the pattern from a token on matches the path from a place on; the number is that of the next wildcard. */
        boolean matches(int from, int start, int wildcard) {
            int token = from;
            int place = start;
            while (token < pattern.length && pattern[token] >= 0) {
                if (place == length || pattern[token] != (path[place] & 0xff)) {
                    return false;
                }
                token++;
                place++;
            }
            return token == pattern.length ? place == length : matchesWildcard(token, place, wildcard);
        }

        /** Tries the ends from the nearest on. Behind a dead one all are, for whoever found that went on from there, too. */
        private boolean matchesWildcard(int token, int place, int wildcard) {
            tokens[wildcard] = token;
            starts[wildcard] = place;
            for (int end = place; end <= length; end = nextEnd(token, end)) {
                if (dead.get(wildcard * (length + 1) + end)) {
                    return false;
                }
                if (matches(token + 1, end, wildcard + 1)) {
                    ends[wildcard] = end;
                    return true;
                }
                if (wildcard > 0) {
                    dead.set(wildcard * (length + 1) + end);
                }
            }
            return false;
        }

        /** Where a wildcard may end that might have ended here; beyond the path if nowhere. */
        private int nextEnd(int token, int end) {
            if (end == length || (pattern[token] == STAR && path[end] == '/')) {
                return length + 1;
            }
            int next = end + 1;
            while (pattern[token] == DIRECTORIES && next <= length && path[next - 1] != '/') {
                next++;
            }
            return next;
        }

        List<String> captures() {
            var captures = new ArrayList<String>();
            for (int i = 0; i < wildcards; i++) {
                boolean slash = pattern[tokens[i]] == DIRECTORIES && ends[i] > starts[i];
                int end = slash ? ends[i] - 1 : ends[i];
                captures.add(new String(path, starts[i], end - starts[i], StandardCharsets.UTF_8));
            }
            return captures;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
