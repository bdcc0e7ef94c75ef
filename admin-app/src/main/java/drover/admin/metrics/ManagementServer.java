package drover.admin.metrics;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** What the server of the management port has of its own; an {@code .imports} file names this to Spring Boot. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementServer {

    private static final int THREADS = 4;

    @Bean
    FilterRegistrationBean<SharedScrapes> sharedScrapes() {
        var registration = new FilterRegistrationBean<>(new SharedScrapes());
        registration.addUrlPatterns("/actuator/prometheus");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /**
     * Few, and no virtual ones: on these a BufferedWriter begins small and grows by as much as each write lacks, which copies
     * what the metrics' library writes again and again.
     */
    @Bean
    ExecutorService managementThreads() {
        return Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().name("management-", 1).daemon().factory());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> onThreads(ExecutorService managementThreads) {
        return server -> server.addProtocolHandlerCustomizers(handler -> handler.setExecutor(managementThreads));
    }
}
