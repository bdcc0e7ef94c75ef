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

    /** What is said of two of its sites, for our own server. */
    static final String SITES = """
            site.1.name=listed
            site.1.directory=listed
            site.1.host.1=listed.test
            site.1.listing.1=/**
            site.2.name=secret
            site.2.directory=secret
            site.2.host.1=secret.test
            site.2.listing.1=/**
            site.2.auth.1.path=/private/**
            site.2.auth.1.realm=Members
            site.2.auth.1.user.1=anna:$2y$04$2xMZsE3GkIxx0xFELLzUqutAmuVX3ct44w5RQqP9R.hi9jlNIEQKO
            site.2.auth.2.path=/only.txt
            site.2.auth.2.realm=One
            site.2.auth.2.user.1=anna:$2y$04$2xMZsE3GkIxx0xFELLzUqutAmuVX3ct44w5RQqP9R.hi9jlNIEQKO
            site.2.cors.origin.1=https://app.test
            site.2.cors.methods=GET, HEAD
            site.2.cors.headers=Authorization
            site.2.cors.max-age=600
            site.2.cors.credentials=true
            site.2.header.1.path=/**
            site.2.header.1.field.1=X-Always: yes
            site.2.header.1.always=true
            site.2.redirect.1.from=/moved
            site.2.redirect.1.to=/open/
            site.2.redirect.1.status=301
            site.2.rewrite.1.from=/alias/*
            site.2.rewrite.1.to=/private/$1
            site.2.rewrite.1.status=200
            """;

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
        tree.file("sites/listed/page.txt", "page\n");
        tree.file("sites/listed/a b.txt", "space\n");
        tree.file("sites/listed/.hidden", "canary: a dot-file\n");
        tree.file("sites/listed/.git/config", "canary: in a dot-directory\n");
        tree.file("sites/listed/folder/inner.txt", "inner\n");
        tree.file("sites/listed/folder/.hidden/x", "canary: in a dot-directory\n");
        tree.file("sites/listed/indexed/index.html", "<!doctype html><title>indexed</title>\n");
        tree.file("sites/listed/hostile/<script>alert(1)<", "");
        tree.file("sites/listed/hostile/javascript:alert(1)", "");
        tree.file("sites/listed/hostile/\"onclick=x \"", "");
        tree.link("sites/listed/outside", "../../outside");
        tree.link("sites/listed/escape.txt", "../../secret.txt");
        tree.file("sites/secret/open/page.txt", "page\n");
        tree.file("sites/secret/private/page.txt", "members only\n");
        tree.file("sites/secret/private/folder/page.txt", "members only\n");
        tree.file("sites/secret/only.txt.gz", "members only\n");
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
