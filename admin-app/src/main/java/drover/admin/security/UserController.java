package drover.admin.security;

import drover.admin.shared.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Users and their roles, for admins. */
@RestController
@RequestMapping("/api/v1/users")
final class UserController {

    private final Users users;
    private final Tokens tokens;

    UserController(Users users, Tokens tokens) {
        this.users = users;
        this.tokens = tokens;
    }

    /** A user without his password's hash. */
    record Shown(String name, Role role, Instant createdAt, Optional<Instant> lastLoginAt) {

        static Shown of(User user) {
            return new Shown(user.name(), user.role(), user.createdAt(), user.lastLoginAt());
        }
    }

    @GetMapping
    List<Shown> all() {
        return users.all().stream().map(Shown::of).toList();
    }

    /** Somebody who is to be a user. */
    record NewUser(Optional<String> name, Optional<String> role, Optional<String> password) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Shown add(@RequestBody NewUser wanted, HttpServletRequest request) {
        var name = wanted.name().orElse("");
        var role = role(wanted.role().orElse(""));
        var user = users.add(name, role, wanted.password().orElse(""));
        AuditFilter.note(request, "User " + name + ", role " + role.label() + ".");
        return Shown.of(user);
    }

    /** What is to be different; what is left out stays. */
    record Change(Optional<String> role, Optional<String> password) {}

    /** Ends the sessions of the user, unless nothing changes. */
    @PatchMapping("/{name}")
    Shown change(
            @PathVariable String name, @RequestBody Change wanted, Authentication caller, HttpServletRequest request) {
        if (wanted.role().isEmpty() && wanted.password().isEmpty()) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "Neither role nor password was given.");
        }
        if (wanted.password().isPresent() && name.equals(caller.getName())) {
            throw new Refusal(
                    HttpStatus.CONFLICT, "Your own password is changed with the current one, by /session/password.");
        }
        var before = users.find(name).orElseThrow(() -> Users.noSuchUser(name));
        var after = users.edit(name, wanted.role().map(UserController::role), wanted.password());
        var note =
                new StringJoiner(", ", "User " + name + ": ", ".").setEmptyValue("User " + name + " stays as he was.");
        if (before.role() != after.role()) {
            note.add("role " + before.role().label() + " to " + after.role().label());
        }
        if (wanted.password().isPresent()) {
            note.add("password set");
        }
        AuditFilter.note(request, note.toString());
        return Shown.of(after);
    }

    /** His tokens go with him. */
    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable String name, Authentication caller, HttpServletRequest request) {
        if (name.equals(caller.getName())) {
            throw new Refusal(HttpStatus.CONFLICT, "Nobody removes himself; another admin can.");
        }
        users.remove(name);
        tokens.removeThoseOf(name);
        AuditFilter.note(request, "User " + name + " removed.");
    }

    static Role role(String label) {
        return Role.of(label)
                .orElseThrow(() -> new Refusal(
                        HttpStatus.BAD_REQUEST, "role must be viewer, operator or admin, not \"" + label + "\"."));
    }
}
