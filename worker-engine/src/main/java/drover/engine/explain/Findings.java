package drover.engine.explain;

import drover.engine.files.Lookup;
import drover.engine.files.Tries;
import drover.engine.http.PathDecoder;
import drover.engine.http.Request;
import drover.engine.http.Status;
import drover.engine.peer.AddressBlock;
import drover.engine.vhost.HeaderRule;
import drover.engine.vhost.PathRule;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import drover.engine.vhost.VirtualHosts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is said of a request, as lines of a key, a space and a value: see {@code docs/formats/worker.md}. What rules match is
 * asked of the rules themselves. Owned by its {@link Explanation}.
 */
final class Findings {

    private static final int DELETE = 0x7f;
    private static final int LAST_CONTROL = 0x9f;

    private final StringBuilder lines = new StringBuilder();
    private Optional<Path> root = Optional.empty();
    /** The path after rewriting, with which fields are matched; none before the site has let the request through. */
    private Optional<byte[]> path = Optional.empty();

    private SiteRules rules = SiteRules.NONE;
    /** Whether the answer is a file of the site's. */
    private boolean isFile;

    /** All of it. */
    String text() {
        return lines.toString();
    }

    /** It cannot be explained. */
    String refused(String why) {
        lines.setLength(0);
        add("error", why);
        return text();
    }

    void step(String sentence) {
        add("step", sentence);
    }

    private void rule(String kind, String text) {
        add("rule", kind + " " + text);
    }

    /** What clients and configurations say must not look like another line, nor steer a terminal. */
    private void add(String key, String value) {
        lines.append(key).append(' ');
        value.chars().forEach(one -> {
            if (one < ' ' || (one >= DELETE && one <= LAST_CONTROL)) {
                lines.append(String.format("\\x%02x", one));
            } else {
                lines.append((char) one);
            }
        });
        lines.append('\n');
    }

    // ---- the site

    void site(Site site, VirtualHosts.Reason reason) {
        root = Optional.of(site.directory());
        add("site", site.name());
        add("directory", site.directory().toString());
        add(
                "why",
                switch (reason) {
                    case NAME -> "The host is a name of this site.";
                    case END -> "The host ends as one of this site's names does, and no site has all of it.";
                    case BEGINNING ->
                        "The host begins as one of this site's names does, and no site has all of it or its end.";
                    case DEFAULT -> "No site has the host; this one has all that no other has.";
                    case NOBODY -> "No site has the host.";
                });
    }

    /** What the site says of the path as it was asked for, in the order in which it is gone by. */
    void rules(SiteRules its, Request request, InetAddress client) {
        rules = its;
        var access = its.access();
        if (!access.deny().isEmpty()) {
            rule("deny", blocks(access.deny()));
        }
        if (!access.allow().isEmpty()) {
            rule("allow", blocks(access.allow()));
        }
        if (access.maintenance()) {
            rule("maintenance", "on");
        }
        if (!its.cors().isOff()) {
            rule("cors", String.join(", ", its.cors().origins()));
        }
        its.answerFields().forEach(field -> rule("field", field));
        if (access.refuses(client) || access.maintenance()) {
            return;
        }
        decoded(request).ifPresent(asked -> rulesOf(asked, its));
    }

    private static String blocks(List<AddressBlock> blocks) {
        return blocks.stream()
                .map(block -> block.first().getHostAddress() + "/" + block.bits())
                .collect(Collectors.joining(", "));
    }

    private static Optional<byte[]> decoded(Request request) {
        var path = new byte[request.pathEnd() - request.pathStart() + 1];
        int length = PathDecoder.decode(request.bytes(), request.pathStart(), request.pathEnd(), path);
        return length == PathDecoder.REFUSED ? Optional.empty() : Optional.of(Arrays.copyOf(path, length));
    }

    private void rulesOf(byte[] asked, SiteRules its) {
        path = Optional.of(asked);
        var redirect = first(its.redirects(), asked);
        if (redirect.isPresent()) {
            rule("redirect", text(redirect.get()));
            return;
        }
        var rewrite = first(its.rewrites(), asked);
        path = rewrite.flatMap(found -> found.target(asked, asked.length)).or(() -> Optional.of(asked));
        rewrite.ifPresent(found -> rule("rewrite", text(found)));
        its.protection(asked, asked.length)
                .or(() -> path.flatMap(target -> its.protection(target, target.length)))
                .ifPresent(found -> rule("auth", found.path() + " for users of \"" + found.realm() + "\""));
    }

    private static Optional<PathRule> first(List<PathRule> all, byte[] path) {
        return all.stream()
                .filter(rule -> rule.from().matches(path, path.length))
                .findFirst();
    }

    private static String text(PathRule rule) {
        return rule.from() + " to " + rule.to() + ", " + rule.status();
    }

    // ---- the file

    /** What is looked up. */
    void path(Site site, byte[] looked) {
        root = Optional.of(site.directory());
        path = Optional.of(looked);
        step("The path of a file is " + new String(looked, StandardCharsets.UTF_8) + ".");
    }

    /** What the cache has, in the words of the format. */
    void cache(String state) {
        add("cache", state);
    }

    void tried(Tries.As as, byte[] path, Lookup found) {
        var name = as.name(path);
        var what = switch (as) {
            case FILE -> name;
            case LISTING -> "The listing of /" + name;
            case FALLBACK -> "The fallback " + name;
            case ERROR_PAGE -> "The page for the error, " + name + ",";
        };
        step(what + " " + outcome(found) + ".");
        if (found instanceof Lookup.Found) {
            file(as, name);
        }
    }

    private static String outcome(Lookup found) {
        return switch (found) {
            case Lookup.Found(var content) ->
                "is there, " + content.representation().size() + " bytes in "
                        + content.representation().coding().token();
            case Lookup.Directory() -> "is a directory";
            case Lookup.Missing() -> "is not there";
            case Lookup.Unacceptable() -> "is there, but in no coding that the client accepts";
            case Lookup.Forbidden() -> "may not be read by the worker";
            case Lookup.Failed(String why) -> "could not be read: " + why;
            case Lookup.Closed _, Lookup.ErrorPage _ -> "was not looked for";
        };
    }

    private void file(Tries.As as, String name) {
        isFile = as != Tries.As.ERROR_PAGE;
        root.ifPresent(directory -> add("file", directory.resolve(name).toString()));
        switch (as) {
            case FILE -> fieldRules(name, /* ofFile= */ true);
            case LISTING -> {
                rule("listing", "/" + name);
                fieldRules(name, /* ofFile= */ true);
            }
            case FALLBACK -> {
                rule("fallback", "/" + name);
                fieldRules(name, /* ofFile= */ true);
            }
            case ERROR_PAGE -> rule("error-page", "/" + name);
        }
    }

    private void fieldRules(String name, boolean ofFile) {
        var bytes = ("/" + name).getBytes(StandardCharsets.UTF_8);
        for (HeaderRule rule : rules.headers()) {
            if ((ofFile || rule.always()) && rule.path().matches(bytes, bytes.length)) {
                rule.fields().forEach(field -> rule("header", rule.path() + " says " + field));
            }
        }
    }

    // ---- the answer

    void head(Status status, String head) {
        if (!isFile) {
            path.ifPresent(
                    asked -> fieldRules(new String(asked, StandardCharsets.UTF_8).substring(1), /* ofFile= */ false));
        }
        add("status", status.code() + " " + status.reason());
        head.lines().skip(1).filter(line -> !line.isEmpty()).forEach(field -> add("field", field));
    }
}
