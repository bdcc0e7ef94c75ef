package drover.admin.web;

import drover.admin.stats.Sampler;
import drover.admin.supervision.CommandRefused;
import drover.admin.supervision.Farm;
import drover.admin.supervision.Operation;
import drover.admin.web.Views.Status;
import drover.admin.web.Views.Worker;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The farm: facts by GET, commands by POST. */
@RestController
@RequestMapping("/api/v1")
final class FarmController {

    private final Farm farm;
    private final Sampler sampler;

    FarmController(Farm farm, Sampler sampler) {
        this.farm = farm;
        this.sampler = sampler;
    }

    @GetMapping("/status")
    Status status() {
        return Status.of(sampler.latest());
    }

    @GetMapping("/workers")
    List<Worker> workers() {
        return Views.workers(sampler.latest());
    }

    /** Accepted, not done: the operation says how it gets on. */
    @PostMapping("/workers/{slot}/restart")
    ResponseEntity<Operation> restart(@PathVariable int slot, Principal caller) {
        var operation = farm.restart(slot, caller.getName());
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operation.id()))
                .body(operation);
    }

    @GetMapping("/operations/{id}")
    Operation operation(@PathVariable String id) {
        return farm.operation(id)
                .orElseThrow(() -> new ErrorResponseException(
                        HttpStatus.NOT_FOUND,
                        problem(HttpStatus.NOT_FOUND, "No operation has this id; a hundred of them are remembered."),
                        /* cause= */ null));
    }

    @ExceptionHandler
    ProblemDetail refused(CommandRefused refusal) {
        var status = switch (refusal.reason()) {
            case NO_SUCH_SLOT -> HttpStatus.NOT_FOUND;
            case BUSY -> HttpStatus.CONFLICT;
        };
        return problem(status, String.valueOf(refusal.getMessage()));
    }

    private static ProblemDetail problem(HttpStatus status, String detail) {
        return ProblemDetail.forStatusAndDetail(status, detail);
    }
}
