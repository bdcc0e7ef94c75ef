package drover.admin.security;

import drover.admin.shared.Refusal;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log, for admins. */
@RestController
final class AuditController {

    private static final int MOST = 1000;

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    /** Entries behind an id, or without one the latest; the oldest first. */
    @GetMapping("/api/v1/audit")
    List<AuditEntry> entries(@RequestParam Optional<Long> after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "limit must be 1 to " + MOST + ", not " + limit + ".");
        }
        return after.map(id -> log.after(id, limit)).orElseGet(() -> log.latest(limit));
    }
}
