package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pattern over decoded paths, compiled once: {@code *} stands for anything without a slash, {@code **} for anything, and
 * {@code **}{@code /} at the start of a segment for any number of directories. Each takes as little as it can. Time is at
 * most the product of both lengths: only the last {@code *} and the last {@code **} are ever widened.
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
            } else if (!text.startsWith("**", i) && !isStar(bytes, i + 1)) {
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
        return walk.matches(literal) ? Optional.of(walk.captures()) : Optional.empty();
    }

    /** One comparison. */
    private final class Walk {

        private final byte[] path;
        private final int length;
        private final int[] starts = new int[wildcards];
        private final int[] ends = new int[wildcards];
        private final int[] tokens = new int[wildcards];
        /** The wildcard met last, and those that can still be widened. */
        private int current = -1;

        private int star = -1;
        private int any = -1;
        private int place;
        private int token;

        Walk(byte[] path, int length) {
            this.path = path;
            this.length = length;
        }

        boolean matches(int from) {
            place = from;
            token = from;
            while (token < pattern.length || place < length) {
                if (!step() && !widen()) {
                    return false;
                }
            }
            return true;
        }

        private boolean step() {
            if (token == pattern.length) {
                return false;
            }
            if (pattern[token] < 0) {
                current++;
                starts[current] = place;
                ends[current] = place;
                tokens[current] = token;
                any = pattern[token] == STAR ? any : current;
                star = pattern[token] == STAR ? current : -1;
                token++;
                return true;
            }
            if (place < length && pattern[token] == (path[place] & 0xff)) {
                place++;
                token++;
                return true;
            }
            return false;
        }

        private boolean widen() {
            if (star >= 0 && ends[star] < length && path[ends[star]] != '/') {
                return goOnAfter(star, ends[star] + 1);
            }
            star = -1;
            if (any < 0) {
                return false;
            }
            int end = ends[any] + 1;
            if (pattern[tokens[any]] == DIRECTORIES) {
                while (end <= length && path[end - 1] != '/') {
                    end++;
                }
            }
            return end <= length && goOnAfter(any, end);
        }

        private boolean goOnAfter(int wildcard, int end) {
            ends[wildcard] = end;
            current = wildcard;
            place = end;
            token = tokens[wildcard] + 1;
            return true;
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
