package drover.admin.web;

import drover.admin.shared.Refusal;
import drover.admin.supervision.Command;
import drover.admin.supervision.CommandRefused;
import drover.admin.supervision.Farm;
import drover.admin.supervision.Operation;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The farm's commands. Each is accepted, not done: the operation says how it gets on. */
@RestController
@RequestMapping("/api/v1")
final class CommandController {

    private final Farm farm;

    CommandController(Farm farm) {
        this.farm = farm;
    }

    @PostMapping("/workers/{slot}/restart")
    ResponseEntity<Operation> restart(@PathVariable int slot, Principal caller) {
        return order(new Command.Restart(slot), caller);
    }

    @PostMapping("/workers/{slot}/start")
    ResponseEntity<Operation> start(@PathVariable int slot, Principal caller) {
        return order(new Command.Start(slot), caller);
    }

    @PostMapping("/workers/{slot}/stop")
    ResponseEntity<Operation> stop(@PathVariable int slot, Principal caller) {
        return order(new Command.Stop(slot), caller);
    }

    @PostMapping("/workers/{slot}/drain")
    ResponseEntity<Operation> drain(@PathVariable int slot, Principal caller) {
        return order(new Command.Drain(slot), caller);
    }

    @PostMapping("/workers/{slot}/kill")
    ResponseEntity<Operation> kill(@PathVariable int slot, Principal caller) {
        return order(new Command.Kill(slot), caller);
    }

    @PostMapping("/workers/rolling-restart")
    ResponseEntity<Operation> rollingRestart(Principal caller) {
        return order(new Command.RollingRestart(), caller);
    }

    @PostMapping("/workers/rebalance")
    ResponseEntity<Operation> rebalance(Principal caller) {
        return order(new Command.Rebalance(), caller);
    }

    /** How many workers there are to be. */
    record PoolSize(int size) {}

    @PutMapping("/pool")
    ResponseEntity<Operation> scale(@RequestBody PoolSize pool, Principal caller) {
        return order(new Command.Scale(pool.size()), caller);
    }

    private ResponseEntity<Operation> order(Command command, Principal caller) {
        return accepted(farm.order(command, caller.getName()));
    }

    static ResponseEntity<Operation> accepted(Operation operation) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operation.id()))
                .body(operation);
    }

    // ---- operations

    @GetMapping("/operations")
    List<Operation> operations() {
        return farm.operations();
    }

    @GetMapping("/operations/{id}")
    Operation operation(@PathVariable String id) {
        return farm.operation(id)
                .orElseThrow(() -> new Refusal(
                        HttpStatus.NOT_FOUND, "No operation has this id; a hundred of them are remembered."));
    }

    @DeleteMapping("/operations/{id}")
    ResponseEntity<Operation> abort(@PathVariable String id, Principal caller) {
        return accepted(farm.abort(id, caller.getName()));
    }

    static ProblemDetail problem(CommandRefused refusal) {
        var status = switch (refusal.reason()) {
            case NO_SUCH_SLOT, NO_SUCH_OPERATION, NO_SUCH_GENERATION, NO_SUCH_WORKER -> HttpStatus.NOT_FOUND;
            case BAD_SIZE -> HttpStatus.BAD_REQUEST;
            case BUSY -> HttpStatus.CONFLICT;
            case DOES_NOT_SERVE -> HttpStatus.UNPROCESSABLE_CONTENT;
            case CHANGED_MEANWHILE -> HttpStatus.PRECONDITION_FAILED;
        };
        return problem(status, String.valueOf(refusal.getMessage()));
    }

    private static ProblemDetail problem(HttpStatus status, String detail) {
        return ProblemDetail.forStatusAndDetail(status, detail);
    }
}
