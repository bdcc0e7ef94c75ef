package drover.admin.web;

import drover.admin.explain.Explainer;
import drover.admin.explain.Explanation;
import drover.admin.shared.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Why a URL gets what it gets. */
@RestController
final class ExplainController {

    private final Explainer explainer;

    ExplainController(Explainer explainer) {
        this.explainer = explainer;
    }

    /** A request as a browser on this machine sends it, unless it is said otherwise; {@code header} may be given several times. */
    @GetMapping("/api/v1/explain")
    Explanation explain(
            @RequestParam String url,
            @RequestParam(defaultValue = "GET") String method,
            @RequestParam(defaultValue = "127.0.0.1") String client,
            HttpServletRequest request) {
        // Spring would take a comma in a field for the end of one.
        var fields = Optional.ofNullable(request.getParameterValues("header"))
                .map(List::of)
                .orElse(List.of());
        try {
            return explainer.explain(url, method, client, fields);
        } catch (IllegalArgumentException invalid) {
            throw new Refusal(HttpStatus.BAD_REQUEST, String.valueOf(invalid.getMessage()));
        }
    }
}
