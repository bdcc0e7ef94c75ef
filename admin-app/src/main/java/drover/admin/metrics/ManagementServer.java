package drover.admin.metrics;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * What the server of the management port has of its own. An {@code .imports} file names this to Spring Boot; an annotation
 * would give it to the dashboard's server too, whose scan for components finds it.
 */
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
