package drover.admin.metrics;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * However many scrape, and however often, it must not cost the workers their processors: a crowd shares its answers, those of
 * each format. It stands before everything else that admin does about a request, which takes longer than the answer. What is
 * shared says so by its {@code Age}, RFC 9111 §5.1.
 */
final class SharedScrapes extends OncePerRequestFilter {

    /** Formats that are told apart; who asks for yet another gets an answer of his own. */
    private static final int MOST_FORMATS = 8;

    private final Map<String, Rationed<Answer>> byFormat = new ConcurrentHashMap<>();

    private static final class Answer {

        private final Map<String, List<String>> fields = new LinkedHashMap<>();
        private final byte[] body;
        private final long madeNanos = System.nanoTime();

        Answer(ContentCachingResponseWrapper response) {
            response.getHeaderNames().forEach(name -> fields.put(name, List.copyOf(response.getHeaders(name))));
            fields.put(HttpHeaders.CONTENT_TYPE, List.of(Objects.requireNonNull(response.getContentType())));
            fields.remove(HttpHeaders.CONTENT_LENGTH);
            body = response.getContentAsByteArray();
        }

        void send(HttpServletResponse response) throws IOException {
            fields.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            response.setHeader(
                    HttpHeaders.AGE, Long.toString(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - madeNanos)));
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var format = Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT)).orElse("");
        // A query asks for some metrics only.
        if (!request.getMethod().equals("GET") || request.getQueryString() != null || isOneTooMany(format)) {
            chain.doFilter(request, response);
            return;
        }
        var rationed = byFormat.computeIfAbsent(format, _ -> new Rationed<>(System::nanoTime));
        var shared = rationed.shared();
        if (shared.isPresent()) {
            shared.get().send(response);
            return;
        }
        var made = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, made);
        if (made.getStatus() == HttpStatus.OK.value()) {
            rationed.made(new Answer(made));
        }
        made.copyBodyToResponse();
    }

    private boolean isOneTooMany(String format) {
        return byFormat.size() >= MOST_FORMATS && !byFormat.containsKey(format);
    }
}
