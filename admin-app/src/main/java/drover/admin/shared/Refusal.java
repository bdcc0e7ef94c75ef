package drover.admin.shared;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** What a caller asked for and does not get, with a sentence that says why. */
public final class Refusal extends ErrorResponseException {

    private static final long serialVersionUID = 1;

    public Refusal(HttpStatus status, String why) {
        super(status, ProblemDetail.forStatusAndDetail(status, why), /* cause= */ null);
    }
}
