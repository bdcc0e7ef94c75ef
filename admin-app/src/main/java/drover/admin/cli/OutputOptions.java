package drover.admin.cli;

import drover.admin.shared.Console;
import picocli.CommandLine.Option;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a command answers: text for people, or JSON for programs, one document on a line. */
final class OutputOptions {

    /** In ASCII, for it may be a terminal after all that reads what others wrote. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    enum Format {
        TEXT,
        JSON
    }

    @Option(names = "-o", paramLabel = "FORMAT", description = "json, or text (the default).", defaultValue = "text")
    private Format format = Format.TEXT;

    boolean isJson() {
        return format == Format.JSON;
    }

    static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    static void sayJson(Object value) {
        Console.say(JSON.writeValueAsString(value));
    }

    /** What other processes or clients wrote must not steer a terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\x80-\\x9f&&[^\t]]", "?");
    }
}
