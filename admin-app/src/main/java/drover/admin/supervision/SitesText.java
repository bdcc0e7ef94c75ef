package drover.admin.supervision;

import drover.admin.config.AddressBlock;
import drover.admin.config.Cors;
import drover.admin.config.Origin;
import drover.admin.config.PasswordEntry;
import drover.admin.config.Protection;
import drover.admin.config.Scalar;
import drover.admin.config.SiteProperties;
import java.util.List;
import java.util.Map;

/** Writes the sites as workers read them, {@code docs/formats/worker.md}. */
final class SitesText {

    private final StringBuilder text = new StringBuilder();

    private SitesText() {}

    /** One line for each key; empty if there are no sites. */
    static String of(Map<String, SiteProperties> sites) {
        var writer = new SitesText();
        int number = 0;
        for (var site : sites.entrySet()) {
            number++;
            writer.site("site." + number + ".", site.getKey(), site.getValue());
        }
        return writer.text.toString();
    }

    private void site(String prefix, String name, SiteProperties site) {
        line(prefix + "name", name);
        line(prefix + "directory", site.directory(name));
        line(prefix + "default", Boolean.toString(site.isDefault(name)));
        list(prefix + "host.", site.hosts(name));
        site.fallback().ifPresent(path -> line(prefix + "fallback", path.text()));
        site.errorPages().forEach((code, path) -> line(prefix + "error-page." + code, path.text()));
        list(prefix + "field.", site.answerFields());
        line(prefix + "maintenance", Boolean.toString(site.maintenance()));
        list(prefix + "allow.", site.allow().stream().map(AddressBlock::text).toList());
        list(prefix + "deny.", site.deny().stream().map(AddressBlock::text).toList());
        if (!site.cors().origins().isEmpty()) {
            cors(prefix + "cors.", site.cors());
        }
        int number = 0;
        for (var rule : site.headers()) {
            number++;
            line(prefix + "header." + number + ".path", rule.path().text());
            list(prefix + "header." + number + ".field.", rule.fields());
            line(prefix + "header." + number + ".always", Boolean.toString(rule.always()));
        }
        number = 0;
        for (var rule : site.redirects()) {
            number++;
            pathRule(prefix + "redirect." + number, rule.from(), rule.to(), rule.status());
        }
        number = 0;
        for (var rule : site.rewrites()) {
            number++;
            pathRule(prefix + "rewrite." + number, rule.from(), rule.to(), 200);
        }
        list(
                prefix + "listing.",
                site.listing().stream()
                        .flatMap(listing -> listing.pattern().stream())
                        .toList());
        number = 0;
        for (var protection : site.auth()) {
            number++;
            protection(prefix + "auth." + number, protection);
        }
    }

    private void protection(String prefix, Protection protection) {
        line(prefix + ".path", protection.path().text());
        line(prefix + ".realm", protection.realm());
        list(
                prefix + ".user.",
                protection.users().stream().map(PasswordEntry::text).toList());
        protection.usersFile().ifPresent(file -> line(prefix + ".users-file", file.toString()));
    }

    private void cors(String prefix, Cors cors) {
        list(prefix + "origin.", cors.origins().stream().map(Origin::text).toList());
        line(prefix + "methods", String.join(", ", cors.methods()));
        line(prefix + "headers", String.join(", ", cors.headers()));
        line(prefix + "max-age", Long.toString(Math.min(86_400, cors.maxAge().toSeconds())));
        line(prefix + "credentials", Boolean.toString(cors.credentials()));
    }

    private void pathRule(String prefix, Scalar from, Scalar to, int status) {
        line(prefix + ".from", from.text());
        line(prefix + ".to", to.text());
        line(prefix + ".status", Integer.toString(status));
    }

    private void list(String prefix, List<String> values) {
        int number = 0;
        for (var value : values) {
            number++;
            line(prefix + number, value);
        }
    }

    /** As java.util.Properties reads it back: values have no line ends. */
    private void line(String key, String value) {
        text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }
}
