package drover.admin.security;

import drover.admin.config.DroverProperties;
import java.util.Arrays;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Of the cipher suites that a client and the dashboard have in common, the first in the dashboard's order is taken, not the
 * client's. Tomcat has it the other way about, and Spring Boot no setting for it.
 */
@Configuration
class CipherOrder {

    private static final String BUNDLE = "dashboard";

    /** Of this connector alone: the others have no TLS. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> ownCipherOrder(
            DroverProperties properties, SslBundles bundles) {
        return factory -> {
            if (properties.admin().tls().isOn()) {
                factory.addConnectorCustomizers(connector -> {
                    prefer(connector);
                    // A new certificate comes with new settings. This is told after Boot has made them: in the order of
                    // asking.
                    bundles.addBundleUpdateHandler(BUNDLE, _ -> prefer(connector));
                });
            }
        };
    }

    private static void prefer(Connector connector) {
        Arrays.stream(connector.findSslHostConfigs()).forEach(settings -> settings.setHonorCipherOrder(true));
    }
}
