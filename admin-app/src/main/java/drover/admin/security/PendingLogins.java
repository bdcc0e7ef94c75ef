package drover.admin.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/**
 * Those who have been sent to the OpenID provider and are not back yet. A browser comes back from there by a link of another
 * site, so without its session cookie, which is SameSite=Strict; a cookie of its own tells that it is the one that was sent,
 * and nothing else. Strangers can be sent there too: the table is bounded and forgets the oldest first. Any thread.
 */
final class PendingLogins implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    private static final String COOKIE = "drover-oidc";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int MOST = 10_000;
    private static final int KEY_BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** The oldest first; guarded by itself. */
    private final Map<String, Pending> pending = new LinkedHashMap<>();

    private record Pending(OAuth2AuthorizationRequest request, Instant until) {}

    PendingLogins(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest sent, HttpServletRequest request, HttpServletResponse response) {
        if (sent == null) {
            forget(request, response);
            return;
        }
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        var key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var now = clock.instant();
        synchronized (pending) {
            pending.values().removeIf(one -> one.until.isBefore(now));
            pending.put(key, new Pending(sent, now.plus(PATIENCE)));
            if (pending.size() > MOST) {
                pending.remove(pending.keySet().iterator().next());
            }
        }
        setCookie(request, response, key, PATIENCE);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return find(request).orElse(null);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        var found = find(request);
        found.ifPresent(_ -> forget(request, response));
        return found.orElse(null);
    }

    private Optional<OAuth2AuthorizationRequest> find(HttpServletRequest request) {
        var now = clock.instant();
        synchronized (pending) {
            return key(request)
                    .map(pending::get)
                    .filter(one -> one.until.isAfter(now))
                    .map(Pending::request)
                    .filter(sent -> Objects.equals(sent.getState(), request.getParameter("state")));
        }
    }

    private void forget(HttpServletRequest request, HttpServletResponse response) {
        synchronized (pending) {
            key(request).ifPresent(pending::remove);
        }
        setCookie(request, response, "", Duration.ZERO);
    }

    private static Optional<String> key(HttpServletRequest request) {
        return Optional.ofNullable(request.getCookies())
                .map(Arrays::stream)
                .orElseGet(Stream::empty)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .findFirst();
    }

    private static void setCookie(
            HttpServletRequest request, HttpServletResponse response, String value, Duration age) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(COOKIE, value)
                        .path(OidcLogin.START)
                        .maxAge(age)
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Lax")
                        .build()
                        .toString());
    }
}
