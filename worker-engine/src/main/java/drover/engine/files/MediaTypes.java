package drover.engine.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The media type of a file by its extension, from {@code media-types.txt}. */
final class MediaTypes {

    private static final String UNKNOWN = "application/octet-stream";
    private static final Map<String, String> BY_EXTENSION = read();

    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/json",
            "application/xml",
            "application/wasm",
            "application/yaml",
            "application/toml",
            "application/rtf",
            "application/vnd.apple.mpegurl",
            "application/vnd.ms-fontobject",
            "font/ttf",
            "font/otf",
            "font/collection",
            "image/bmp",
            "image/vnd.microsoft.icon",
            "model/stl");

    private MediaTypes() {}

    /** Has the table read now: later the jar at its path may be another one, and its worker still serves. */
    static void load() {
        of("");
    }

    static String of(String fileName) {
        int dot = fileName.lastIndexOf('.');
        var extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot < 0 ? UNKNOWN : BY_EXTENSION.getOrDefault(extension, UNKNOWN);
    }

    /** Whether content of a type is worth compressing; pictures, sound and archives are compressed already. */
    static boolean isCompressible(String type) {
        return type.startsWith("text/")
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || COMPRESSIBLE.contains(type);
    }

    private static Map<String, String> read() {
        var byExtension = new HashMap<String, String>();
        try (InputStream table = MediaTypes.class.getResourceAsStream("media-types.txt")) {
            if (table == null) {
                throw new IllegalStateException("the worker's jar has no media-types.txt");
            }
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        // Two spaces or more part the type, which may have one in it, from its extensions.
                        var typeAndExtensions = line.strip().split("\\s{2,}", 2);
                        for (var extension : typeAndExtensions[1].strip().split("\\s+", -1)) {
                            byExtension.put(extension, typeAndExtensions[0]);
                        }
                    });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return Map.copyOf(byExtension);
    }
}
