package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.shared.Reason;
import drover.admin.shared.StartRefused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/**
 * Sign-in at an OpenID provider (OpenID Connect Core 1.0, the authorization code flow with PKCE), if one is configured. The
 * provider says who somebody is; what he may do is decided here, by the values of one of its claims. Nothing of its tokens is
 * kept. It is first asked when somebody wants to sign in by it, so that admin starts without it.
 */
@Component
final class OidcLogin {

    /** Leads to the provider. */
    static final String START = "/login/oidc";

    /** Leads back. */
    static final String CALLBACK = START + "/callback";

    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);

    private static final String REGISTRATION = "oidc";
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@+-]{1,64}");

    private final DroverProperties.Oidc settings;
    private final Optional<String> secret;
    private final InstantSource clock = InstantSource.system();
    private final OidcUserService users = new OidcUserService();

    /** What the provider has told of itself; null until it was asked with success. */
    private volatile @Nullable ClientRegistration registration;

    OidcLogin(DroverProperties properties) {
        settings = properties.admin().oidc();
        secret = settings.clientSecretFile().map(OidcLogin::readSecret);
    }

    private static String readSecret(Path file) {
        try {
            var secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw new StartRefused(
                        StartRefused.EXIT_CONFIG, "admin.oidc.client-secret-file " + file + " is empty.");
            }
            return secret;
        } catch (IOException failure) {
            throw new StartRefused(
                    StartRefused.EXIT_CONFIG,
                    "admin.oidc.client-secret-file " + file + " cannot be read: " + Reason.of(failure));
        }
    }

    /** What it says on the button, if there is one. */
    Optional<String> name() {
        return settings.issuer().map(_ -> settings.name());
    }

    // ---- the way there and back

    /** Takes over both addresses, if a provider is configured. */
    void addTo(HttpSecurity http, LoginEvents events) {
        if (settings.issuer().isEmpty()) {
            return;
        }
        http.oauth2Login(login -> login.clientRegistrationRepository(new Registrations())
                .authorizedClientRepository(new Forgetful())
                .authorizationEndpoint(there -> there.baseUri(START.substring(0, START.lastIndexOf('/')))
                        .authorizationRequestRepository(new PendingLogins(clock)))
                .redirectionEndpoint(back -> back.baseUri(CALLBACK))
                .withObjectPostProcessor(new RefusedOnTheWay(events))
                .successHandler((request, response, user) -> {
                    events.login(user.getName(), request);
                    response.sendRedirect("/");
                })
                .failureHandler((request, response, why) -> refuse(request, response, why, events)));
    }

    /** For the manager of the same chain. */
    AuthenticationProvider authenticationProvider() {
        return new OidcAuthorizationCodeAuthenticationProvider(
                new RestClientAuthorizationCodeTokenResponseClient(), this::account);
    }

    static boolean isCallback(HttpServletRequest request) {
        return request.getRequestURI().equals(CALLBACK);
    }

    /** Not one of those that can be listed: for a list it would have to be asked at once. */
    private final class Registrations implements ClientRegistrationRepository {
        @Override
        public @Nullable ClientRegistration findByRegistrationId(String id) {
            return id.equals(REGISTRATION) ? ask() : null;
        }
    }

    private ClientRegistration ask() {
        var known = registration;
        if (known != null) {
            return known;
        }
        var scopes = new LinkedHashSet<>(List.of("openid"));
        scopes.addAll(settings.scopes());
        var asked = ClientRegistrations.fromIssuerLocation(
                        settings.issuer().map(URI::toString).orElseThrow())
                .registrationId(REGISTRATION)
                .clientId(settings.clientId().orElseThrow())
                .clientSecret(secret.orElseThrow())
                .redirectUri("{baseUrl}" + CALLBACK)
                .scope(scopes)
                .build();
        registration = asked;
        LOG.info("openid provider asked issuer={}", settings.issuer().orElseThrow());
        return asked;
    }

    /** Drover asks the provider for nothing later, so it keeps no token. */
    private static final class Forgetful implements OAuth2AuthorizedClientRepository {
        @SuppressWarnings("TypeParameterUnusedInFormals") // so it is declared there
        @Override
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String registrationId, Authentication user, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication user,
                HttpServletRequest request,
                HttpServletResponse response) {}

        @Override
        public void removeAuthorizedClient(
                String registrationId, Authentication user, HttpServletRequest request, HttpServletResponse response) {}
    }

    // ---- who it is

    private OidcUser account(OidcUserRequest request) {
        var user = users.loadUser(request);
        var name = Optional.ofNullable(user.getClaims().get(settings.userClaim()))
                .map(Object::toString)
                .filter(text -> NAME.matcher(text).matches())
                .orElseThrow(() -> refusal(Refused.NO_NAME, settings.userClaim()));
        var role = role(user.getClaims()).orElseThrow(() -> refusal(Refused.NO_ROLE, name));
        return new OidcAccount(user, name, role, clock.instant());
    }

    private Optional<Role> role(Map<String, Object> claims) {
        var values = values(claims, settings.roleClaim());
        if (settings.admins().stream().anyMatch(values::contains)) {
            return Optional.of(Role.ADMIN);
        }
        if (settings.operators().stream().anyMatch(values::contains)) {
            return Optional.of(Role.OPERATOR);
        }
        return settings.viewers().stream().anyMatch(values::contains) ? Optional.of(Role.VIEWER) : Optional.empty();
    }

    /** A claim by its name, which may have dots itself, or by those of the objects that lead to it. */
    static Set<String> values(Map<?, ?> claims, String name) {
        var claim = claims.get(name);
        if (claim instanceof Collection<?> several) {
            var values = new LinkedHashSet<String>();
            several.forEach(one -> values.add(String.valueOf(one)));
            return values;
        }
        if (claim != null) {
            return Set.of(claim.toString());
        }
        int dot = name.indexOf('.');
        return dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> object
                ? values(object, name.substring(dot + 1))
                : Set.of();
    }

    // ---- who is not let in

    /** Why somebody came back in vain; the login page knows these words and has a sentence for each. */
    private enum Refused {
        NO_NAME,
        NO_ROLE,
        CANCELLED,
        EXPIRED,
        FAILED;

        private String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Refused of(AuthenticationException why) {
            if (!(why instanceof OAuth2AuthenticationException refused)) {
                return FAILED;
            }
            return switch (refused.getError().getErrorCode()) {
                case "no-name" -> NO_NAME;
                case "no-role" -> NO_ROLE;
                case "access_denied" -> CANCELLED;
                case "authorization_request_not_found" -> EXPIRED;
                default -> FAILED;
            };
        }
    }

    private static OAuth2AuthenticationException refusal(Refused why, String detail) {
        return new OAuth2AuthenticationException(new OAuth2Error(why.code(), detail, /* uri= */ null), detail);
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why, LoginEvents events)
            throws IOException {
        var refused = Refused.of(why);
        LOG.warn("sign-in refused by=oidc code={} why=\"{}\"", refused.code(), why.getMessage());
        if (refused == Refused.NO_ROLE) {
            events.withoutRole(String.valueOf(why.getMessage()), request);
        }
        response.sendRedirect("/?refused=" + refused.code());
    }

    /** The filter that sends somebody to the provider answers 500 where this is not reached, if it is not told better. */
    private static final class RefusedOnTheWay
            implements ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> {

        private final LoginEvents events;

        RefusedOnTheWay(LoginEvents events) {
            this.events = events;
        }

        @Override
        public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
            filter.setAuthenticationFailureHandler((request, response, why) -> refuse(request, response, why, events));
            return filter;
        }
    }
}
