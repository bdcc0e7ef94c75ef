package drover.admin.live;

import drover.admin.events.Journal;
import drover.admin.stats.Sample;
import drover.admin.stats.Sampler;
import drover.admin.supervision.Farm;
import drover.admin.supervision.Operation;
import drover.admin.web.Views.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The farm as it happens, as server-sent events: {@code snapshot}, every sample; {@code operation}, one that has begun, got
 * on or ended; {@code event}, an entry of the journal. A sample is made into text once, whatever the number of those who
 * look on.
 *
 * <p>The {@code id} of each is that of the last entry of the journal that was sent before. Who comes back with it gets the
 * entries behind it, and how the operations and the farm are now.
 */
@RestController
final class LiveStream {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private final Farm farm;
    private final Sampler sampler;
    private final Journal journal;
    private final JsonMapper json;
    private final Streams streams;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();

    /** The operations of the last sample; only the sampler's thread touches them. */
    private List<Operation> before = List.of();

    LiveStream(Farm farm, Sampler sampler, Journal journal, JsonMapper json, Streams streams) {
        this.farm = farm;
        this.sampler = sampler;
        this.journal = journal;
        this.json = json;
        this.streams = streams;
        sampler.onSample(this::sampled);
        journal.onEvent(() -> viewers.forEach(viewer -> keepOrCut(viewer, viewer.look())));
    }

    /** The first snapshot comes at once, then one with every sample. */
    @GetMapping(path = "/api/v1/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter open(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader("Last-Event-ID") Optional<String> lastId)
            throws IOException {
        long latest = journal.lastId();
        var from = lastId.filter(id -> ID.matcher(id).matches()).map(id -> Math.min(latest, Long.parseLong(id)));
        var viewer =
                new Viewer(from.orElse(latest), id -> journal.after(id, Viewer.MOST_EVENTS), json, viewers::remove);
        if (from.isPresent()) {
            farm.operations().forEach(operation -> offer(viewer, message(operation)));
        }
        offer(viewer, snapshot(sampler.latest()));
        viewers.add(viewer);
        try {
            return streams.open(request, response, viewer);
        } catch (RuntimeException | IOException refused) {
            viewers.remove(viewer);
            throw refused;
        }
    }

    private void sampled(Sample sample) {
        var now = farm.operations();
        var changed =
                now.stream().filter(operation -> !before.contains(operation)).toList();
        before = now;
        if (viewers.isEmpty()) {
            return;
        }
        changed.stream().map(this::message).forEach(this::send);
        send(snapshot(sample));
    }

    private Viewer.Message snapshot(Sample sample) {
        return new Viewer.Message("snapshot", json.writeValueAsString(Snapshot.of(sample, farm.operations())));
    }

    private Viewer.Message message(Operation operation) {
        return new Viewer.Message("operation", json.writeValueAsString(operation));
    }

    private void send(Viewer.Message message) {
        viewers.forEach(viewer -> offer(viewer, message));
    }

    private void offer(Viewer viewer, Viewer.Message message) {
        keepOrCut(viewer, viewer.offer(message));
    }

    private void keepOrCut(Viewer viewer, boolean keepsUp) {
        if (!keepsUp) {
            LOG.info("viewer cut off why=\"it does not keep up\"");
            viewers.remove(viewer);
            streams.end(viewer);
        }
    }
}
