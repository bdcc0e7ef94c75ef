package drover.admin.config;

import java.util.regex.Pattern;

/** What of a configuration is not for everybody's eyes: the hashes of passwords. */
public final class Secrets {

    private static final Pattern HASH = Pattern.compile("\\$2[abxy]\\$\\d\\d\\$[./A-Za-z0-9]+");

    private Secrets() {}

    /** The text with every hash blotted out. */
    public static String hidden(String text) {
        return HASH.matcher(text).replaceAll("(hidden)");
    }
}
