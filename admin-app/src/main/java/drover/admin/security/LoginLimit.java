package drover.admin.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Slows down whoever guesses passwords: after ten failures from one address within a quarter of an hour, logins from
 * there are refused unseen until that time is over. The table holds so many addresses and forgets the oldest first.
 */
final class LoginLimit extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(LoginLimit.class);
    static final int MOST_FAILURES = 10;
    private static final int MOST_ADDRESSES = 10_000;
    private static final Duration WINDOW = Duration.ofMinutes(15);

    private final Clock clock;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    LoginLimit(Clock clock) {
        this.clock = clock;
    }

    private record Failures(int count, Instant since) {}

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !(HttpMethod.POST.matches(request.getMethod())
                && request.getRequestURI().equals("/api/v1/login"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var wait = refusedFor(request.getRemoteAddr());
        if (wait.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        long seconds = Math.max(1, wait.get().toSeconds());
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        ProblemWriter.write(
                response,
                HttpStatus.TOO_MANY_REQUESTS,
                "Too many failed logins; try again in %d minutes.".formatted((seconds + 59) / 60));
    }

    private synchronized Optional<Duration> refusedFor(String address) {
        return current(address)
                .filter(failures -> failures.count >= MOST_FAILURES)
                .map(failures -> Duration.between(clock.instant(), failures.since.plus(WINDOW)));
    }

    private Optional<Failures> current(String address) {
        return Optional.ofNullable(byAddress.get(address))
                .filter(failures -> failures.since.plus(WINDOW).isAfter(clock.instant()));
    }

    /** Notes a failure; how many there are from that address now. */
    synchronized int failed(HttpServletRequest request) {
        var address = request.getRemoteAddr();
        var before = current(address).orElseGet(() -> new Failures(0, clock.instant()));
        byAddress.remove(address);
        byAddress.put(address, new Failures(before.count + 1, before.since));
        if (byAddress.size() > MOST_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        LOG.warn("login failed address={} failures={}", address, before.count + 1);
        return before.count + 1;
    }

    synchronized void succeeded(HttpServletRequest request) {
        byAddress.remove(request.getRemoteAddr());
        LOG.info("login address={}", request.getRemoteAddr());
    }
}
