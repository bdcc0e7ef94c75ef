package drover.engine.vhost;

import java.util.List;

/**
 * A site as the configuration describes it.
 *
 * @param directory below the document root
 * @param isDefault whether it serves the hosts that no other site serves
 * @param hosts in lower case: names, {@code *.example.org}, {@code www.example.*}
 */
public record ConfiguredSite(String name, String directory, boolean isDefault, List<String> hosts, SiteRules rules) {

    public ConfiguredSite {
        hosts = List.copyOf(hosts);
    }
}
