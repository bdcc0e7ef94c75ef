package drover.admin.web;

import drover.admin.config.ConfigChange;
import drover.admin.config.ConfigInvalid;
import drover.admin.config.Generation;
import drover.admin.config.Generation.Origin;
import drover.admin.config.Generation.Verdict;
import drover.admin.config.Secrets;
import drover.admin.shared.Refusal;
import drover.admin.supervision.Comparison;
import drover.admin.supervision.Operation;
import drover.admin.supervision.Reloads;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The configuration and the worker, and their generations. Who may command nothing does not see hashes of passwords either. */
@RestController
@RequestMapping("/api/v1")
final class ConfigController {

    private static final String YAML = "application/yaml";
    private static final int MOST_REQUESTS = 2000;

    private final Reloads reloads;

    ConfigController(Reloads reloads) {
        this.reloads = reloads;
    }

    // ---- what there is

    /** What runs, and whether something else stands in the file. */
    record Config(
            int generation, Instant at, String actor, String worker, String file, boolean fileChanged, String text) {}

    @GetMapping("/config")
    ResponseEntity<Config> config(Authentication caller) {
        var current = reloads.current();
        var runs = current.generation();
        return ResponseEntity.ok()
                .eTag('"' + current.tag() + '"')
                .body(new Config(
                        runs.number(),
                        runs.at(),
                        runs.actor(),
                        runs.worker(),
                        current.file(),
                        current.fileChanged(),
                        shown(runs.text(), caller)));
    }

    @GetMapping(path = "/config", produces = YAML)
    ResponseEntity<String> text(Authentication caller) {
        var current = reloads.current();
        return ResponseEntity.ok()
                .eTag('"' + current.tag() + '"')
                .body(shown(current.generation().text(), caller));
    }

    /** A generation without its text. */
    record Entry(
            int number,
            Instant at,
            String actor,
            Origin origin,
            String worker,
            Verdict verdict,
            Optional<Instant> decidedAt,
            String detail) {

        static Entry of(Generation one) {
            return new Entry(
                    one.number(),
                    one.at(),
                    one.actor(),
                    one.origin(),
                    one.worker(),
                    one.verdict(),
                    one.decidedAt(),
                    one.detail());
        }
    }

    @GetMapping("/config/history")
    List<Entry> history() {
        return reloads.history().reversed().stream().map(Entry::of).toList();
    }

    @GetMapping("/config/history/{number}")
    Generation generation(@PathVariable int number, Authentication caller) {
        var one = reloads.generation(number);
        return new Generation(
                one.number(),
                one.at(),
                one.actor(),
                one.origin(),
                one.worker(),
                one.verdict(),
                one.decidedAt(),
                one.detail(),
                shown(one.text(), caller));
    }

    /** What differs. */
    record Diff(List<ConfigChange> changes) {}

    /** From the generation that runs, or another one, to the file, or another generation. */
    @GetMapping("/config/diff")
    Diff diff(@RequestParam Optional<Integer> from, @RequestParam Optional<Integer> to, Authentication caller) {
        int first = from.orElseGet(() -> reloads.current().generation().number());
        return shown(
                from.isEmpty() && to.isEmpty()
                        ? reloads.checkFile()
                        : reloads.diff(
                                first,
                                to.orElseGet(
                                        () -> reloads.current().generation().number())),
                caller);
    }

    /** The worker that runs, and the versions that can be rolled out. */
    record Workers(String worker, List<String> versions) {}

    @GetMapping("/release")
    Workers workers() {
        return new Workers(reloads.current().generation().worker(), reloads.workers());
    }

    // ---- what changes

    /** A text, or the file if there is none. */
    @PostMapping(
            path = "/config/validate",
            consumes = {YAML, "text/yaml"})
    Diff validate(@RequestBody(required = false) Optional<String> text, Authentication caller) {
        return shown(text.filter(given -> !given.isEmpty()).map(reloads::check).orElseGet(reloads::checkFile), caller);
    }

    /** A text, or the file if there is none. Only admins may try a text: it can name any directory of the machine. */
    @PostMapping(
            path = "/config/rehearse",
            consumes = {YAML, "text/yaml"})
    Comparison rehearse(
            @RequestBody(required = false) Optional<String> text,
            @RequestParam(defaultValue = "500") int requests,
            Authentication caller) {
        var given = text.filter(some -> !some.isEmpty());
        if (given.isPresent() && !Roles.isAdmin(caller)) {
            throw new AccessDeniedException("texts are for admins");
        }
        if (requests < 1 || requests > MOST_REQUESTS) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST, "requests must be 1 to " + MOST_REQUESTS + ", not " + requests + ".");
        }
        return reloads.rehearse(given, requests, caller.getName());
    }

    @PutMapping(
            path = "/config",
            consumes = {YAML, "text/yaml"})
    ResponseEntity<Operation> put(
            @RequestBody String text,
            @RequestHeader("If-Match") Optional<String> tag,
            @RequestParam(defaultValue = "false") boolean force,
            Authentication caller) {
        if (tag.isEmpty()) {
            return ResponseEntity.of(problem(
                            HttpStatus.PRECONDITION_REQUIRED,
                            "If-Match must name the ETag of the configuration that you read, or *."))
                    .build();
        }
        var named = tag.get().replaceFirst("^(?:W/)?\"(.*)\"$", "$1");
        return CommandController.accepted(reloads.put(text, named, caller.getName(), force));
    }

    @PostMapping("/config/reload")
    ResponseEntity<Operation> reload(@RequestParam(defaultValue = "false") boolean force, Authentication caller) {
        return CommandController.accepted(reloads.reload(caller.getName(), force));
    }

    @PostMapping("/config/rollback/{number}")
    ResponseEntity<Operation> rollBack(@PathVariable int number, Authentication caller) {
        return CommandController.accepted(reloads.rollBack(number, caller.getName()));
    }

    /** The version of the worker that is wanted. */
    record Wanted(Optional<String> worker) {}

    @PostMapping("/release")
    ResponseEntity<Operation> upgrade(
            @RequestBody Wanted wanted, @RequestParam(defaultValue = "false") boolean force, Authentication caller) {
        var version = wanted.worker()
                .orElseThrow(() -> new Refusal(
                        HttpStatus.BAD_REQUEST,
                        "worker must be a version; GET /api/v1/release lists those there are."));
        return CommandController.accepted(reloads.upgrade(version, caller.getName(), force));
    }

    // ---- who sees what

    private static Diff shown(List<ConfigChange> changes, Authentication caller) {
        return new Diff(
                Roles.mayCommand(caller)
                        ? changes
                        : changes.stream().map(ConfigChange::withoutSecrets).toList());
    }

    private static String shown(String text, Authentication caller) {
        return Roles.mayCommand(caller) ? text : Secrets.hidden(text);
    }

    // ---- what is refused

    /** With the members file, line, key and reason beside the sentence, as far as there are any. */
    @ExceptionHandler
    ProblemDetail invalid(ConfigInvalid invalid) {
        var problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(invalid.getMessage()));
        problem.setTitle("The configuration cannot be used");
        invalid.place().ifPresent(place -> {
            problem.setProperty("file", place.source());
            place.line().ifPresent(line -> problem.setProperty("line", line));
        });
        invalid.key().ifPresent(key -> problem.setProperty("key", key));
        problem.setProperty("reason", invalid.reason());
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String detail) {
        return ProblemDetail.forStatusAndDetail(status, detail);
    }
}
