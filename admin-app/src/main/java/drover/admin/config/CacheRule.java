package drover.admin.config;

/** What {@code Cache-Control} says: {@code immutable}, for names that change with their content, or directives. */
public record CacheRule(String text) implements Scalar {

    private static final String DIRECTIVE = "[a-z-]+(=\\d{1,10})?";

    public CacheRule {
        Scalar.require(
                text.matches(DIRECTIVE + "(, *" + DIRECTIVE + ")*"),
                "it must be immutable, no-cache or directives such as \"public, max-age=3600\"");
    }

    public String field() {
        return "Cache-Control: " + (text.equals("immutable") ? "public, max-age=31536000, immutable" : text);
    }
}
