package drover.admin.security;

import java.util.Arrays;
import java.util.Optional;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Of the cipher suites that a client and the dashboard have in common, the first in the dashboard's order is taken, not the
 * client's. Tomcat has it the other way about, and Spring Boot no setting for it.
 */
@Configuration
class CipherOrder {

    /** Of connectors with TLS; management's has none. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> ownCipherOrder(SslBundles bundles) {
        return factory -> {
            var bundle = Optional.ofNullable(factory.getSsl()).map(Ssl::getBundle);
            if (bundle.isPresent()) {
                factory.addConnectorCustomizers(connector -> {
                    prefer(connector);
                    // A new certificate comes with new settings. This is told after Boot has made them: in the order of
                    // asking.
                    bundles.addBundleUpdateHandler(bundle.get(), _ -> prefer(connector));
                });
            }
        };
    }

    private static void prefer(Connector connector) {
        Arrays.stream(connector.findSslHostConfigs()).forEach(settings -> settings.setHonorCipherOrder(true));
    }
}
