package drover.admin.security;

import drover.admin.config.AddressBlock;
import drover.admin.config.DroverProperties;
import java.net.InetAddress;
import java.util.stream.Collectors;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Believes the proxies that are named, and nobody else, of whom they speak for ({@code X-Forwarded-For}) and that he came by TLS
 * ({@code X-Forwarded-Proto}). Without them the limit of logins would take everybody behind a proxy for one.
 */
@Configuration
class TrustedProxies {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> proxies(DroverProperties properties) {
        var trusted = properties.admin().trustedProxies();
        return factory -> {
            if (!trusted.isEmpty()) {
                var valve = new RemoteIpValve();
                valve.setInternalProxies(
                        trusted.stream().map(TrustedProxies::block).collect(Collectors.joining(",")));
                valve.setRemoteIpHeader("X-Forwarded-For");
                valve.setProtocolHeader("X-Forwarded-Proto");
                factory.addEngineValves(valve);
            }
        };
    }

    /** Always as a block: the valve takes a text without a slash for a regular expression. */
    private static String block(AddressBlock trusted) {
        var text = trusted.text();
        return text.contains("/")
                ? text
                : text + "/" + InetAddress.ofLiteral(text).getAddress().length * Byte.SIZE;
    }
}
