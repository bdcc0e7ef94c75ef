package drover.admin.config;

import java.util.Optional;

/** Directories that are listed: {@code true} for all, {@code false} for none, or a pattern of their paths. */
public record Listing(String text) implements Scalar {

    public Listing {
        Scalar.require(
                text.equals("true") || text.equals("false") || (PathGlob.isPattern(text) && text.matches(".*[/*]")),
                "it must be true, false or patterns of directories, such as /files/**");
    }

    public Optional<String> pattern() {
        return switch (text) {
            case "true" -> Optional.of("/**");
            case "false" -> Optional.empty();
            default -> Optional.of(text);
        };
    }
}
