package drover.admin;

import drover.admin.config.DroverProperties;
import java.util.HashMap;
import java.util.Map;

/** What Spring Boot is told of the two web servers: the dashboard's, and the one for health and metrics. */
final class WebServers {

    private static final String BUNDLE = "spring.ssl.bundle.pem.dashboard.";

    /** TLS 1.3, and of TLS 1.2 what has forward secrecy and authenticated encryption. */
    private static final String CIPHERS = "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256,"
            + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,"
            + "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
            + "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";

    private WebServers() {}

    static Map<String, Object> of(DroverProperties.Admin admin) {
        var settings = new HashMap<String, Object>(Map.of(
                "server.address", admin.address(),
                "server.port", admin.port(),
                "management.server.address", admin.managementAddress(),
                "management.server.port", admin.managementPort()));
        if (admin.tls().isOn()) {
            admin.tls().certificate().ifPresent(file -> settings.put(BUNDLE + "keystore.certificate", "file:" + file));
            admin.tls().key().ifPresent(file -> settings.put(BUNDLE + "keystore.private-key", "file:" + file));
            settings.put(BUNDLE + "reload-on-update", true);
            settings.put(BUNDLE + "options.enabled-protocols", "TLSv1.3,TLSv1.2");
            settings.put(BUNDLE + "options.ciphers", CIPHERS);
            settings.put("spring.ssl.bundle.watch.file.quiet-period", "1s");
            settings.put("server.ssl.bundle", "dashboard");
            // Whoever scrapes stands beside it; without this Boot would take the dashboard's TLS for both.
            settings.put("management.server.ssl.enabled", false);
        }
        return settings;
    }
}
