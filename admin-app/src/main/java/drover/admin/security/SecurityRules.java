package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.events.Journal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.session.DisableEncodeUrlFilter;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.context.support.WebApplicationContextUtils;

/** Who may call what: the whole list. What is not on it is refused. */
@Configuration
@EnableWebSecurity
class SecurityRules {

    private static final int BCRYPT_ROUNDS = 12;

    /** Styles are also set by the UI kit's own style elements; scripts come from our files alone. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** The management port: three endpoints for machines, without login; its address is what protects it. */
    @Bean
    @Order(1)
    SecurityFilterChain management(HttpSecurity http) {
        return http.securityMatcher(SecurityRules::comesByManagementPort)
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to(
                                HealthEndpoint.class, InfoEndpoint.class, PrometheusScrapeEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .csrf(CsrfConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                        (_, response, _) -> ProblemWriter.write(response, HttpStatus.FORBIDDEN, "Not offered here.")))
                .build();
    }

    private static boolean comesByManagementPort(HttpServletRequest request) {
        return WebServerApplicationContext.hasServerNamespace(
                WebApplicationContextUtils.getWebApplicationContext(request.getServletContext()), "management");
    }

    /** The command line: the API and nothing else; a browser cannot come by a UNIX socket, so there is no CSRF. */
    @Bean
    @Order(2)
    SecurityFilterChain commandLine(HttpSecurity http) {
        return http.securityMatcher(LocalSocket::broughtIn)
                .authorizeHttpRequests(requests -> requests.requestMatchers("/api/**")
                        .authenticated()
                        .anyRequest()
                        .denyAll())
                .addFilterBefore(new LocalSocket.Recognition(), AnonymousAuthenticationFilter.class)
                .csrf(CsrfConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /** The dashboard and its API. */
    @Bean
    @Order(3)
    SecurityFilterChain dashboard(HttpSecurity http, DroverProperties properties, Journal journal) {
        var limit = new LoginLimit(Clock.systemUTC());
        var audit = new Audit(journal);
        return http.authorizeHttpRequests(requests -> requests
                        // The end of an answer that was allowed when it began: the session may be gone by then.
                        .dispatcherTypeMatchers(DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/**")
                        .authenticated()
                        .requestMatchers(HttpMethod.HEAD, "/api/**")
                        .authenticated()
                        // Its text can name any directory of the machine; a reload takes only what stands in the file.
                        .requestMatchers(HttpMethod.PUT, "/api/v1/config")
                        .hasRole("admin")
                        .requestMatchers("/api/**")
                        .hasAnyRole("operator", "admin")
                        .requestMatchers(HttpMethod.GET, "/**")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .addFilterBefore(new HostFilter(properties.admin()), DisableEncodeUrlFilter.class)
                .addFilterBefore(limit, UsernamePasswordAuthenticationFilter.class)
                .formLogin(login -> login.loginProcessingUrl("/api/v1/login")
                        .successHandler((request, response, user) -> {
                            limit.succeeded(request);
                            audit.login(user.getName(), request);
                            response.setStatus(HttpStatus.NO_CONTENT.value());
                        })
                        .failureHandler((request, response, _) -> {
                            audit.loginRefused(request, limit.failed(request));
                            ProblemWriter.write(response, HttpStatus.UNAUTHORIZED, "User name or password is wrong.");
                        }))
                .logout(logout -> logout.logoutUrl("/api/v1/logout")
                        .addLogoutHandler((request, _, user) -> audit.logout(Optional.ofNullable(user), request))
                        .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)))
                .csrf(CsrfConfigurer::spa)
                .requestCache(cache -> cache.disable())
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint((_, response, _) ->
                                ProblemWriter.write(response, HttpStatus.UNAUTHORIZED, "Sign in first."))
                        .accessDeniedHandler((request, response, _) -> {
                            audit.accessRefused(request);
                            ProblemWriter.write(
                                    response,
                                    HttpStatus.FORBIDDEN,
                                    "Refused: the X-XSRF-TOKEN header does not match the cookie, or your role does not allow this.");
                        }))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(
                                org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter
                                        .ReferrerPolicy.NO_REFERRER)))
                .build();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder(BCRYPT_ROUNDS);
    }

    /** Tells when a session ends, so that its live stream ends with it. */
    @Bean
    HttpSessionEventPublisher sessionEvents() {
        return new HttpSessionEventPublisher();
    }
}
