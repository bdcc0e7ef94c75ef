package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.shared.StartRefused;
import drover.admin.supervision.RunDirectory;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The API for the command line: a UNIX socket in the run directory, which nobody but this user (and root) can enter. Who
 * reaches it could as well end us or read our files, so a password would protect nothing. What comes in there is marked by
 * its connector, which no client can feign.
 */
@Configuration
class LocalSocket {

    /** Who gives commands there, for logs and events. */
    static final String ACTOR = "cli";

    private static final String MARK = LocalSocket.class.getName();
    private static final String MOST_THREADS = "8";

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> localSocketConnector(DroverProperties properties) {
        return factory -> {
            var socket = new RunDirectory(properties.runDirectory()).adminSocket();
            var connector = new Connector();
            connector.setProperty("unixDomainSocketPath", socket.toString());
            connector.setProperty("unixDomainSocketPathPermissions", "rw-------");
            connector.setProperty("maxThreads", MOST_THREADS);
            try {
                // RunDirectory has looked that it is ours, by uid. Tomcat would by name, and a user who stands in no
                // /etc/passwd has none.
                connector.setProperty(
                        "unixDomainSocketParentOwner",
                        Files.getOwner(properties.runDirectory()).getName());
                Files.deleteIfExists(socket); // an admin that was killed left it; we hold the lock now
            } catch (IOException refused) {
                throw new StartRefused(StartRefused.EXIT_FAILED, "cannot take " + socket + ": " + refused.getMessage());
            }
            factory.addAdditionalConnectors(connector);
            factory.addEngineValves(new Marking(connector));
        };
    }

    /** Marks what comes in by the socket. */
    private static final class Marking extends ValveBase {

        private final Connector socket;

        Marking(Connector socket) {
            super(/* asyncSupported= */ true);
            this.socket = socket;
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (socket.equals(request.getConnector())) {
                request.setAttribute(MARK, true);
            }
            getNext().invoke(request, response);
        }
    }

    static boolean broughtIn(ServletRequest request) {
        return Boolean.TRUE.equals(request.getAttribute(MARK));
    }

    /** Whoever is in here is the operator. */
    static final class Recognition extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            var context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                    ACTOR, "", List.of(new SimpleGrantedAuthority("ROLE_admin"))));
            SecurityContextHolder.setContext(context);
            chain.doFilter(request, response);
        }
    }
}
