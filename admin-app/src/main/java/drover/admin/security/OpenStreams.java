package drover.admin.security;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Looks every second whether those who were let in once, and still are being answered, would be let in again; ends the answer
 * otherwise. So a stream ends with its session or token, whoever sends it. One thread looks; requests come by any.
 */
final class OpenStreams extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStreams.class);

    private final Users users;
    private final Tokens tokens;
    private final Map<AsyncContext, BooleanSupplier> open = new ConcurrentHashMap<>();
    private final InstantSource clock = InstantSource.system();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("open-streams").factory());

    OpenStreams(Users users, Tokens tokens) {
        this.users = users;
        this.tokens = tokens;
        var looking = ticker.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        LOG.debug("streams are looked at task={}", looking);
    }

    @Override
    public void destroy() {
        ticker.shutdownNow();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        var caller = SecurityContextHolder.getContext().getAuthentication();
        if (request.isAsyncStarted() && caller != null) {
            var stream = request.getAsyncContext();
            stream.addListener(new Forgetting(stream));
            open.put(stream, mayGoOn(caller, Optional.ofNullable(request.getSession(false))));
        }
    }

    private BooleanSupplier mayGoOn(Authentication caller, Optional<HttpSession> session) {
        return switch (caller.getPrincipal()) {
            case Account account ->
                () -> users.isCurrent(account)
                        && session.filter(OpenStreams::lives).isPresent();
            case OidcAccount account ->
                () -> !account.isOver(clock.instant())
                        && session.filter(OpenStreams::lives).isPresent();
            case TokenFilter.Bearer bearer -> () -> tokens.isStill(bearer.tokenId(), bearer.role());
            case null, default -> () -> true; // by the socket: whoever reaches it may
        };
    }

    private static boolean lives(HttpSession session) {
        try {
            return session.getCreationTime() >= 0;
        } catch (IllegalStateException over) {
            return false;
        }
    }

    private void look() {
        try {
            open.forEach((stream, mayGoOn) -> {
                if (!mayGoOn.getAsBoolean()) {
                    end(stream);
                }
            });
        } catch (RuntimeException bug) {
            LOG.error(
                    "streams not looked at", bug); // and again in a second: thrown on, it would have been the last time
        }
    }

    private void end(AsyncContext stream) {
        open.remove(stream);
        try {
            stream.complete();
            LOG.info("stream ended why=\"its session or token is no longer good\"");
        } catch (IllegalStateException endedMeanwhile) {
            LOG.debug("stream had ended why=\"{}\"", endedMeanwhile.getMessage());
        }
    }

    /** Forgets a stream when it ends. */
    private final class Forgetting implements AsyncListener {

        private final AsyncContext stream;

        Forgetting(AsyncContext stream) {
            this.stream = stream;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            open.remove(stream);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            open.remove(stream);
        }

        @Override
        public void onError(AsyncEvent event) {
            open.remove(stream);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
