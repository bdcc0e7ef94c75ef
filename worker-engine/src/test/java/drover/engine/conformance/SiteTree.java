package drover.engine.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** The document root that the cases are about; the same for every server. */
final class SiteTree {

    /** RFC 9110 §5.6.7 has it, too: Sun, 06 Nov 1994 08:49:37 GMT. */
    private static final FileTime MODIFIED = FileTime.from(Instant.parse("1994-11-06T08:49:37Z"));

    private final Path root;

    private SiteTree(Path root) {
        this.root = root;
    }

    /** Writes the tree to the directory that is named, for a server that is started by hand. */
    public static void main(String... arguments) throws IOException {
        create(Path.of(arguments[0]));
    }

    static void create(Path root) throws IOException {
        var tree = new SiteTree(root);
        tree.file("outside/secret.txt", "canary: outside of every site\n");
        tree.file("secret.txt", "canary: beside the sites\n");
        tree.file("sites/other.test/index.html", "<!doctype html><title>other</title>\n");
        tree.file("sites/default/index.html", "<!doctype html><title>default</title>\n");
        tree.file("sites/default/probe.txt", "still in step\n");
        tree.file("sites/default/canary.txt", "canary: a body was taken for a request\n");
        tree.file("sites/default/hello.txt", "hello\n");
        tree.file("sites/default/digits.txt", "0123456789".repeat(10));
        tree.file("sites/default/empty.txt", "");
        tree.file("sites/default/medium.txt", "m".repeat(50_000));
        tree.file("sites/default/large.txt", "l".repeat(3_000_000));
        tree.file("sites/default/style.css", "p{}\n");
        tree.file("sites/default/script.js", "0;\n");
        tree.file("sites/default/data.json", "{}\n");
        tree.file("sites/default/image.png", "\u0089PNG");
        tree.file("sites/default/image.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
        tree.file("sites/default/module.wasm", "\0asm");
        tree.file("sites/default/strange.extension", "?\n");
        tree.file("sites/default/noextension", "?\n");
        tree.file("sites/default/future.txt", "soon\n");
        Files.setLastModifiedTime(
                root.resolve("sites/default/future.txt"), FileTime.from(Instant.parse("2150-01-01T00:00:00Z")));
        tree.file("sites/default/UPPER.TXT", "upper\n");
        tree.file("sites/default/a b.txt", "space\n");
        tree.file("sites/default/a+b.txt", "plus\n");
        tree.file("sites/default/100%.txt", "percent\n");
        tree.file("sites/default/semi;colon.txt", "semicolon\n");
        tree.file("sites/default/caf\u00e9.txt", "coffee\n");
        tree.file("sites/default/dots...txt", "dots\n");
        tree.file("sites/default/sub/index.html", "<!doctype html><title>sub</title>\n");
        tree.file("sites/default/sp ace/index.html", "<!doctype html><title>sp ace</title>\n");
        tree.file("sites/default/sub/page.txt", "page\n");
        tree.file("sites/default/bare/file.txt", "file\n");
        tree.file("sites/default/.hidden", "canary: a dot-file\n");
        tree.file("sites/default/.git/config", "canary: in a dot-directory\n");
        tree.file("sites/default/.well-known/security.txt", "security\n");
        tree.link("sites/default/inside.txt", "hello.txt");
        tree.link("sites/default/escape.txt", "../../secret.txt");
        tree.link("sites/default/absolute.txt", root.resolve("secret.txt").toString());
        tree.link("sites/default/out", "../../outside");
        tree.link("sites/default/loop.txt", "loop.txt");
    }

    private void file(String name, String content) throws IOException {
        var path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.write(path, content.getBytes(StandardCharsets.ISO_8859_1));
        Files.setLastModifiedTime(path, MODIFIED);
    }

    private void link(String name, String to) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(to));
    }
}
