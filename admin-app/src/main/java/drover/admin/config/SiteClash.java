package drover.admin.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What no site can be blamed for alone: two of them want the same. */
record SiteClash(String key, String why) {

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    static Optional<SiteClash> find(Map<String, SiteProperties> sites) {
        var owners = new HashMap<String, String>();
        for (var site : sites.entrySet()) {
            var name = site.getKey();
            if (!name.matches(NAME)) {
                return Optional.of(new SiteClash("drover.sites", "has a name of other than letters, digits, - _ ."));
            }
            for (var claim : site.getValue().hosts(name)) {
                var owner = owners.putIfAbsent(claim, name);
                if (owner != null && !owner.equals(name)) {
                    return Optional.of(
                            new SiteClash("drover.sites." + name, "wants the host " + claim + ", as does " + owner));
                }
            }
            var owner = site.getValue().isDefault(name) ? owners.putIfAbsent("", name) : null;
            if (owner != null) {
                return Optional.of(new SiteClash("drover.sites." + name, "wants to be the default, as does " + owner));
            }
        }
        return Optional.empty();
    }
}
