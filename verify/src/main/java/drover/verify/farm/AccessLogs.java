package drover.verify.farm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Access logs in the format combined, rotated and compressed or not. */
public final class AccessLogs {

    /** A whole line: group 1 is the request's target. */
    public static final Pattern LINE =
            Pattern.compile("\\S+ - - \\[[^]]+] \"\\S+ (\\S+) HTTP/1\\.[01]\" \\d{3} (?:\\d+|-) \"[^\"]*\" \"[^\"]*\"");

    private AccessLogs() {}

    /** All files in a directory whose name begins with {@code access.}, complete ones. */
    public static List<Path> in(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("access."))
                    .filter(file -> !file.toString().endsWith(".tmp"))
                    .sorted()
                    .toList();
        }
    }

    /** Hands over every line; what stands behind the last newline too. */
    public static void read(Path file, Consumer<String> line) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = file.toString().endsWith(".gz") ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
            new String(bytes, StandardCharsets.ISO_8859_1).lines().forEach(line);
        }
    }
}
