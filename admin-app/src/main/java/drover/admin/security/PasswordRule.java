package drover.admin.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a password must be: long, and not what is guessed first. There is no rule about kinds of characters, which makes
 * passwords hard for people and not for programs (NIST SP 800-63B, 3.1.1.2).
 */
final class PasswordRule {

    static final int SHORTEST = 12;
    /** BCrypt looks at no more. */
    static final int LONGEST_BYTES = 72;

    private static final int FEWEST_CHARACTERS = 5;
    private static final int LEAST_BESIDE_WEAK_WORDS = 3;
    private static final String ROWS = "1234567890 qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm";

    private static final List<String> WEAK = weakWords();

    /** So that none hides within another. */
    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed();

    private PasswordRule() {}

    private static List<String> weakWords() {
        try (var file =
                Objects.requireNonNull(PasswordRule.class.getResourceAsStream("/weak-passwords.txt"), "packed along")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                    .filter(word -> !word.isEmpty())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Why a user may not have this password, a sentence; nothing if it is good. */
    static Optional<String> objection(String password, String user) {
        if (password.codePointCount(0, password.length()) < SHORTEST) {
            return Optional.of("The password must have at least " + SHORTEST + " characters.");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            return Optional.of("The password must have at most " + LONGEST_BYTES + " bytes.");
        }
        var lower = password.toLowerCase(Locale.ROOT);
        if (lower.codePoints().distinct().count() < FEWEST_CHARACTERS) {
            return Optional.of("The password repeats a few characters; it would be guessed soon.");
        }
        if (isSequence(lower)) {
            return Optional.of("The password follows the alphabet or the keyboard; it would be guessed soon.");
        }
        if (besideWeakWords(lower, user).length() < LEAST_BESIDE_WEAK_WORDS && hasLetter(lower)) {
            return Optional.of(
                    "The password is little else than words that are guessed first; several words of your own are"
                            + " a better one.");
        }
        return Optional.empty();
    }

    /** Whether three of four characters are neighbours of those before them. */
    private static boolean isSequence(String text) {
        long neighbours = Stream.iterate(1, at -> at < text.length(), at -> at + 1)
                .filter(at -> areNeighbours(text.charAt(at - 1), text.charAt(at)))
                .count();
        return neighbours * 4 >= text.length() * 3L;
    }

    private static boolean areNeighbours(char one, char next) {
        return Math.abs(one - next) <= 1
                || ROWS.contains(new String(new char[] {one, next}))
                || ROWS.contains(new String(new char[] {next, one}));
    }

    private static boolean hasLetter(String text) {
        return text.chars().anyMatch(Character::isLetter);
    }

    private static final Pattern ENDS = Pattern.compile("^[^\\p{L}]+|[^\\p{L}]+$");

    /** The letters that are left without weak words and the user's own name; digits that stand for letters are letters. */
    private static String besideWeakWords(String lower, String user) {
        var letters = ENDS.matcher(lower)
                .replaceAll("")
                .replace('0', 'o')
                .replace('1', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('5', 's')
                .replace('7', 't')
                .replace('@', 'a')
                .replace('$', 's')
                .replaceAll("[^\\p{L}]", "");
        var words = Stream.concat(Stream.of(user.toLowerCase(Locale.ROOT)), WEAK.stream())
                .sorted(LONGEST_FIRST)
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return letters.replaceAll(words, "");
    }
}
