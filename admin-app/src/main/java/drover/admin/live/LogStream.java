package drover.admin.live;

import drover.admin.logs.LogFiles;
import drover.admin.logs.LogFilter;
import drover.admin.logs.LogFollower;
import drover.admin.logs.LogLine;
import drover.admin.web.LogController;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is added to a log, as server-sent events: {@code line}, and {@code skipped} where more came than is sent. The log
 * itself is the queue: who reads slowly is sent what is the latest when it is ready for more.
 */
@RestController
final class LogStream {

    private static final long LOOK_EVERY_MILLIS = 250;
    private static final int MOST_LINES_OF_A_LOOK = 200;

    /** So often something is sent whatever happens, or nobody would notice a client that is gone. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final LogFiles logs;
    private final JsonMapper json;
    private final Streams streams;

    LogStream(LogFiles logs, JsonMapper json, Streams streams) {
        this.logs = logs;
        this.json = json;
        this.streams = streams;
    }

    /** Begins with what is added after this moment. */
    @GetMapping(path = "/api/v1/logs/{id}/tail", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter tail(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @RequestParam Optional<String> search,
            @RequestParam Optional<String> level)
            throws IOException {
        var filter = LogController.filter(search, level);
        var file = LogController.file(logs, id);
        return streams.open(request, response, client -> follow(file, filter, client));
    }

    private void follow(Path file, LogFilter filter, SseEmitter client) throws IOException, InterruptedException {
        try (var follower = new LogFollower(file, filter, MOST_LINES_OF_A_LOOK)) {
            client.send(SseEmitter.event().comment("follows"));
            long sentNanos = System.nanoTime();
            while (true) {
                var news = follower.look();
                if (!news.lines().isEmpty() || news.passedOver() > 0) {
                    send(news, client);
                    sentNanos = System.nanoTime();
                } else if (System.nanoTime() - sentNanos > SILENCE.toNanos()) {
                    client.send(SseEmitter.event().comment("nothing new"));
                    sentNanos = System.nanoTime();
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
        }
    }

    /** All lines of a look in one write. */
    private void send(LogFollower.News news, SseEmitter client) throws IOException {
        var text = new StringBuilder();
        if (news.passedOver() > 0) {
            text.append("event:skipped\ndata:{\"lines\":")
                    .append(news.passedOver())
                    .append("}\n\n");
        }
        for (LogLine line : news.lines()) {
            text.append("event:line\ndata:")
                    .append(json.writeValueAsString(line))
                    .append("\n\n");
        }
        client.send(new LinkedHashSet<>(List.of(new DataWithMediaType(text.toString(), TEXT))));
    }
}
