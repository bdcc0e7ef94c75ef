package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.events.Journal;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.context.support.WebApplicationContextUtils;

/** Who may call what: the whole list. What is not on it is refused. */
@Configuration
@EnableWebSecurity
class SecurityRules {

    private static final int BCRYPT_ROUNDS = 12;

    // ---- who may do what

    private static final String API = "/api/**";
    private static final String VIEWER = "viewer";
    private static final String OPERATOR = "operator";
    private static final String ADMIN = "admin";

    /** The API, by whichever door somebody came in; the first that matches counts. What follows is for each door to say. */
    private static void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        // The end of an answer that was allowed when it began: the session may be gone by then.
        requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                .permitAll()
                .requestMatchers("/error")
                .denyAll()
                // How one can sign in.
                .requestMatchers(HttpMethod.GET, SessionController.LOGIN)
                .permitAll()
                .requestMatchers("/api/v1/users/**", "/api/v1/audit/**")
                .hasRole(ADMIN)
                // Their text can name any directory of the machine; a reload takes only what stands in the file.
                .requestMatchers(HttpMethod.PUT, "/api/v1/config")
                .hasRole(ADMIN)
                .requestMatchers(HttpMethod.POST, "/api/v1/config/rehearse")
                .hasRole(ADMIN)
                .requestMatchers("/api/v1/workers/*/threads")
                .hasRole(OPERATOR)
                .requestMatchers(HttpMethod.GET, API)
                .hasRole(VIEWER)
                .requestMatchers(HttpMethod.HEAD, API)
                .hasRole(VIEWER)
                // What everybody may do for himself.
                .requestMatchers(
                        HttpMethod.POST, "/api/v1/session/password", SessionController.LOGIN, SessionController.LOGOUT)
                .hasRole(VIEWER)
                .requestMatchers(API)
                .hasRole(OPERATOR);
    }

    @Bean
    static RoleHierarchy roleHierarchy() {
        return RoleHierarchyImpl.fromHierarchy(Role.HIERARCHY);
    }

    // ---- the doors

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
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(refusals ->
                        refusals.authenticationEntryPoint((request, response, _) -> notOfferedHere(request, response)))
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(new AnswerHeaders()))
                .build();
    }

    private static boolean comesByManagementPort(HttpServletRequest request) {
        return WebServerApplicationContext.hasServerNamespace(
                WebApplicationContextUtils.getWebApplicationContext(request.getServletContext()), "management");
    }

    private static void notOfferedHere(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(request, response, HttpStatus.NOT_FOUND, "Not offered here.");
    }

    /** The command line: the API and nothing else; a browser cannot come by a UNIX socket, so there is no CSRF. */
    @Bean
    @Order(2)
    SecurityFilterChain commandLine(HttpSecurity http, AuditLog audit, Journal journal) {
        return withoutSession(http, audit, journal)
                .securityMatcher(LocalSocket::broughtIn)
                .addFilterBefore(new LocalSocket.Recognition(), AnonymousAuthenticationFilter.class)
                .build();
    }

    /** Programs with a token: a browser never adds one by itself, so there is no CSRF here either. */
    @Bean
    @Order(3)
    SecurityFilterChain programs(
            HttpSecurity http,
            DroverProperties properties,
            Tokens tokens,
            AuditLog audit,
            Journal journal,
            OpenStreams streams) {
        return withoutSession(http, audit, journal)
                .securityMatcher(TokenFilter::broughtIn)
                .addFilterAfter(new HostFilter(properties.admin()), HeaderWriterFilter.class)
                .addFilterAfter(new OriginFilter(), HostFilter.class)
                .addFilterBefore(new ContentTypeFilter(), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new TokenFilter(tokens), AnonymousAuthenticationFilter.class)
                .addFilterAfter(streams, AuthorizationFilter.class)
                .build();
    }

    private static HttpSecurity withoutSession(HttpSecurity http, AuditLog audit, Journal journal) {
        return http.authorizeHttpRequests(requests -> {
                    authorize(requests);
                    requests.anyRequest().denyAll();
                })
                .addFilterAfter(new AuditFilter(audit), HeaderWriterFilter.class)
                .csrf(CsrfConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(SecurityRules::signInFirst)
                        .accessDeniedHandler((request, response, denied) -> refuse(request, response, denied, journal)))
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(new AnswerHeaders()));
    }

    /** The dashboard and its API. */
    @Bean
    @Order(4)
    SecurityFilterChain dashboard(
            HttpSecurity http,
            DroverProperties properties,
            Users users,
            Passwords passwords,
            OidcLogin oidc,
            AuditLog audit,
            Journal journal,
            OpenStreams streams) {
        var events = new LoginEvents(journal);
        oidc.addTo(http, events);
        return http.authorizeHttpRequests(requests -> {
                    authorize(requests);
                    requests.requestMatchers(HttpMethod.GET, "/**")
                            .permitAll()
                            .requestMatchers(HttpMethod.HEAD, "/**")
                            .permitAll()
                            .anyRequest()
                            .denyAll();
                })
                .addFilterAfter(new HostFilter(properties.admin()), HeaderWriterFilter.class)
                .addFilterAfter(new SessionFilter(users), HostFilter.class)
                .addFilterAfter(new AuditFilter(audit), SessionFilter.class)
                .addFilterAfter(new OriginFilter(), AuditFilter.class)
                .addFilterAfter(new ContentTypeFilter(), CsrfFilter.class)
                .addFilterAfter(streams, AuthorizationFilter.class)
                .authenticationManager(new ProviderManager(passwords, oidc.authenticationProvider()))
                .formLogin(login -> login.loginProcessingUrl(SessionController.LOGIN)
                        .successHandler((request, response, user) -> {
                            users.signedIn(user.getName());
                            events.login(user.getName(), request);
                            response.setStatus(HttpStatus.NO_CONTENT.value());
                        })
                        .failureHandler(
                                (request, response, why) -> notSignedIn(request, response, why, events, passwords)))
                .logout(logout -> logout.logoutUrl(SessionController.LOGOUT)
                        .addLogoutHandler((request, _, user) -> events.logout(Optional.ofNullable(user), request))
                        .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)))
                .csrf(csrf -> csrf.spa().csrfTokenRepository(csrfCookie()))
                .requestCache(cache -> cache.disable())
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(SecurityRules::signInFirst)
                        .accessDeniedHandler((request, response, denied) -> refuse(request, response, denied, journal)))
                .headers(headers -> headers.defaultsDisabled().addHeaderWriter(new AnswerHeaders()))
                .build();
    }

    /** Our pages read it, and send it back in a header, which no page of another origin can. */
    private static CookieCsrfTokenRepository csrfCookie() {
        var cookie = CookieCsrfTokenRepository.withHttpOnlyFalse();
        cookie.setCookieCustomizer(built -> built.sameSite("Strict"));
        return cookie;
    }

    // ---- what is said to whom

    private static void signInFirst(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException nobody)
            throws IOException {
        ProblemWriter.write(request, response, HttpStatus.UNAUTHORIZED, "Sign in first.");
    }

    private static void notSignedIn(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException why,
            LoginEvents events,
            Passwords passwords)
            throws IOException {
        if (why instanceof TooManyAttempts limited) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(limited.seconds()));
            ProblemWriter.write(request, response, HttpStatus.TOO_MANY_REQUESTS, limited.sentence());
            return;
        }
        var name =
                Optional.ofNullable(request.getParameter("username")).orElse("").strip();
        events.loginRefused(name, request, passwords.failures(name, request.getRemoteAddr()));
        ProblemWriter.write(request, response, HttpStatus.UNAUTHORIZED, "User name or password is wrong.");
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied, Journal journal)
            throws IOException {
        new LoginEvents(journal).accessRefused(request);
        ProblemWriter.write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                denied instanceof CsrfException
                        ? "Refused: the X-XSRF-TOKEN header does not match the cookie."
                        : "Refused: your role does not allow this.");
    }

    /** What Spring Security's firewall does not let in at all, such as paths with a semicolon or two slashes. */
    @Bean
    RequestRejectedHandler rejectedRequests() {
        var headers = new AnswerHeaders();
        return (request, response, _) -> {
            headers.writeHeaders(request, response);
            if (comesByManagementPort(request)) {
                notOfferedHere(request, response);
            } else {
                ProblemWriter.write(
                        request,
                        response,
                        HttpStatus.BAD_REQUEST,
                        "This address is written in a way that is not taken.");
            }
        };
    }

    // ---- parts

    @Bean
    OpenStreams openStreams(Users users, Tokens tokens) {
        return new OpenStreams(users, tokens);
    }

    /** It belongs to the chains above alone: Boot would put it before all of them too. */
    @Bean
    FilterRegistrationBean<OpenStreams> notForEverybody(OpenStreams streams) {
        var registration = new FilterRegistrationBean<>(streams);
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    static PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder(BCRYPT_ROUNDS);
    }
}
