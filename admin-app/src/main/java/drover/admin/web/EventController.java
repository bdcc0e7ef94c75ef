package drover.admin.web;

import drover.admin.events.Event;
import drover.admin.events.Journal;
import drover.admin.shared.Refusal;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What has happened, from the journal. */
@RestController
@RequestMapping("/api/v1")
final class EventController {

    private static final int MOST = 1000;

    private final Journal journal;

    EventController(Journal journal) {
        this.journal = journal;
    }

    /** Events behind an id, or without one the latest; the oldest first. */
    @GetMapping("/events")
    List<Event> events(@RequestParam Optional<Long> after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "limit must be 1 to " + MOST + ", not " + limit + ".");
        }
        return after.map(id -> journal.after(id, limit)).orElseGet(() -> journal.latest(limit));
    }
}
