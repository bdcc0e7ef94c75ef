import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes down by whom the parts of a release are that are not ours, and under which licence: THIRD-PARTY.md, and the texts that
 * each part brings, below licenses. Fails if a part says nothing of its licence.
 */
class Notices {

    private static final Pattern TEXT = Pattern.compile("(META-INF/)?(LICENSE|LICENCE|NOTICE)([.-][\\w.-]*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern LICENSE =
            Pattern.compile("<license>.*?<name>\\s*(.*?)\\s*</name>.*?</license>", Pattern.DOTALL);
    /** What says nothing in its jar, by the project's own page. */
    private static final Map<String, String> SAID_ELSEWHERE = Map.of("picocli", "Apache License 2.0");

    private static final List<String> OURS = List.of("admin-app.jar", "worker-engine.jar", "frontend.jar");

    private final Path out;
    private final TreeMap<String, String> rows = new TreeMap<>();
    private final List<String> unknown = new ArrayList<>();

    Notices(Path out) {
        this.out = out;
    }

    /** Arguments: the directory of the jars, that of the front-end, that of the release. */
    public static void main(String... arguments) throws IOException {
        var notices = new Notices(Path.of(arguments[2]));
        notices.jars(Path.of(arguments[0]));
        notices.packages(Path.of(arguments[1]));
        notices.write();
    }

    private void jars(Path lib) throws IOException {
        try (var files = Files.list(lib)) {
            for (var file : files.filter(found -> found.toString().endsWith(".jar")).sorted().toList()) {
                var name = file.getFileName().toString();
                if (!OURS.contains(name)) {
                    try (var jar = new JarFile(file.toFile())) {
                        jar(name.replaceFirst("\\.jar$", ""), jar);
                    }
                }
            }
        }
    }

    private void jar(String name, JarFile jar) throws IOException {
        var texts = new ArrayList<String>();
        var said = Optional.<String>empty();
        for (var entry : jar.stream().sorted((one, other) -> one.getName().compareTo(other.getName())).toList()) {
            var path = entry.getName();
            if (TEXT.matcher(path).matches() && !entry.isDirectory()) {
                var to = out.resolve("licenses/java").resolve(name).resolve(path.replace("META-INF/", ""));
                var bytes = jar.getInputStream(entry).readAllBytes();
                Files.createDirectories(to.getParent());
                Files.write(to, bytes);
                texts.add(new String(bytes, StandardCharsets.UTF_8));
            } else if (path.matches("META-INF/maven/.*/pom\\.xml")) {
                var pom = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                var names = LICENSE.matcher(pom).results().map(found -> found.group(1)).collect(Collectors.joining(", "));
                said = names.isEmpty() ? said : Optional.of(names);
            }
        }
        var manifest = Optional.ofNullable(jar.getManifest())
                .map(found -> found.getMainAttributes().getValue("Bundle-License"));
        row(
                name,
                said.or(() -> manifest)
                        .or(() -> ofTexts(texts))
                        .or(() -> Optional.ofNullable(SAID_ELSEWHERE.get(name.replaceFirst("-\\d.*", "")))));
    }

    /** By the title of a text. */
    private static Optional<String> ofTexts(List<String> texts) {
        var all = String.join("\n", texts);
        return all.matches("(?s).*Apache License\\s+Version 2\\.0.*")
                ? Optional.of("Apache License 2.0")
                : all.contains("MIT License") ? Optional.of("MIT") : Optional.empty();
    }

    /** What a browser gets: everything in the lock that is not for development only. */
    private void packages(Path frontend) throws IOException {
        var lock = JsonMapper.builder().build().readTree(Files.readString(frontend.resolve("package-lock.json")));
        for (var found : lock.path("packages").properties()) {
            var path = found.getKey();
            if (!path.isEmpty() && !found.getValue().path("dev").asBoolean(false)
                    && !found.getValue().path("peer").asBoolean(false)
                    && Files.isDirectory(frontend.resolve(path))) {
                var name = path.replaceFirst(".*node_modules/", "") + "-" + found.getValue().path("version").asString("");
                var license = found.getValue().path("license").asString("");
                row(name, Optional.of(license).filter(text -> !text.isEmpty()));
                try (var files = Files.list(frontend.resolve(path))) {
                    files.filter(file -> TEXT.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file))
                            .forEach(file -> copy(file, out.resolve("licenses/npm").resolve(name.replace('/', '+'))
                                    .resolve(file.getFileName().toString())));
                }
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.write(to, Files.readAllBytes(from));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void row(String name, Optional<String> license) {
        if (license.isEmpty()) {
            unknown.add(name);
        }
        rows.put(name.toLowerCase(Locale.ROOT), "| " + name + " | " + license.orElse("?").replaceAll("\\s+", " ") + " |\n");
    }

    private void write() throws IOException {
        if (!unknown.isEmpty()) {
            System.err.println("release: no licence is known of " + String.join(", ", unknown));
            System.exit(1);
        }
        Files.writeString(out.resolve("THIRD-PARTY.md"), """
                # Parts of others

                Drover itself is under the Apache License 2.0, see LICENSE. It is delivered with these parts; the texts of their licences lie in
                licenses, as far as they bring any.

                | part | licence |
                |---|---|
                """ + String.join("", rows.values()));
    }
}
