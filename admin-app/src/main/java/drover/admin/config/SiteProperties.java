package drover.admin.config;

import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The keys of one site, {@code drover.sites.NAME}.
 *
 * @param directory below the document root; the site's name if it is not given
 * @param hosts the names it serves; its directory's if none are given
 * @param isDefault whether it serves the hosts that no other site serves
 */
public record SiteProperties(
        Optional<SiteDirectory> directory,
        @DefaultValue List<HostName> hosts,
        @Name("default") @DefaultValue("false") boolean isDefault) {

    public SiteProperties {
        hosts = List.copyOf(hosts);
    }

    public String directory(String name) {
        return directory.map(SiteDirectory::text).orElse(name);
    }

    /** The hosts by which a site of this name is found. */
    public List<String> hosts(String name) {
        return hosts.isEmpty()
                ? List.of(new HostName(directory(name)).text())
                : hosts.stream().map(HostName::text).toList();
    }

    /** Whether a site of this name serves all other hosts: if it says so, or by its directory's name. */
    public boolean isDefault(String name) {
        return isDefault || directory(name).equals("default");
    }
}
