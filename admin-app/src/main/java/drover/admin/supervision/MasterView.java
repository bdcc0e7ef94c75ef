package drover.admin.supervision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The master at one moment.
 *
 * @param listening addresses as bound, {@code 127.0.0.1:8080}; empty while it is not up
 */
public record MasterView(SlotState state, Optional<Long> pid, Optional<Instant> startedAt, List<String> listening) {}
