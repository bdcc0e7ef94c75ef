package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is asked of two generations to compare them: of each site its root and some files, and what visitors asked for of
 * late. At most {@link #MOST}, so that it is over within a second or two.
 */
final class Addresses {

    private static final int MOST = 200;
    private static final int MOST_HOSTS = 50;
    private static final int FILES_OF_A_SITE = 8;
    /** Of a log without hosts each path is asked of so many sites. */
    private static final int HOSTS_FOR_A_PATH = 4;

    private final Map<String, Path> sites = new LinkedHashMap<>();
    private final Set<Address> all = new LinkedHashSet<>();

    private Addresses() {}

    /** Those of the sites that a configuration has. */
    static List<Address> of(DroverProperties properties) {
        var addresses = new Addresses();
        addresses.findSites(properties);
        addresses.gather(properties);
        return addresses.all.stream().limit(MOST).toList();
    }

    /**
     * Those that were asked for of late; what has no host is asked of several sites.
     *
     * @param requests the latest first
     * @param most so many at most
     */
    static List<Address> of(DroverProperties properties, List<RecentRequest> requests, int most) {
        var addresses = new Addresses();
        addresses.findSites(properties);
        requests.forEach(addresses::add);
        return addresses.all.stream().limit(most).toList();
    }

    private void add(RecentRequest request) {
        request.host()
                .map(Stream::of)
                .orElseGet(() -> sites.keySet().stream().limit(HOSTS_FOR_A_PATH))
                .forEach(host -> all.add(new Address(host, request.path())));
    }

    private void findSites(DroverProperties properties) {
        var root = properties.documentRoot();
        properties.sites().forEach((name, site) -> {
            var directory = root.resolve(site.directory(name));
            if (site.isDefault(name)) {
                sites.putIfAbsent("localhost", directory);
            }
            site.hosts(name).forEach(host -> sites.putIfAbsent(host.replace("*", "any"), directory));
        });
        for (var name : names(root)) {
            if (Files.isDirectory(root.resolve(name))) {
                sites.putIfAbsent(name.equals("default") ? "localhost" : name, root.resolve(name));
            }
        }
        sites.keySet().removeIf(host -> !host.matches("[A-Za-z0-9._-]+"));
        sites.keySet().removeAll(sites.keySet().stream().skip(MOST_HOSTS).toList());
    }

    private void gather(DroverProperties properties) {
        all.add(new Address("localhost", "/healthz"));
        sites.keySet().forEach(host -> all.add(new Address(host, "/")));
        RecentRequest.found(properties).forEach(this::add);
        sites.forEach((host, directory) -> names(directory).stream()
                .limit(FILES_OF_A_SITE)
                .forEach(name -> all.add(new Address(host, path(directory, name)))));
    }

    private static String path(Path directory, String name) {
        try {
            var end = Files.isDirectory(directory.resolve(name)) ? "/" : "";
            return new URI(null, null, "/" + name + end, null).toASCIIString();
        } catch (URISyntaxException notEncodable) {
            return "/";
        }
    }

    /** What lies in a directory and is shown, by name. */
    private static List<String> names(Path directory) {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}
