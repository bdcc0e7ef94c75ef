package drover.admin.web;

import drover.admin.supervision.Farm;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** What a request gets that is refused: an exception that becomes a problem document. */
public final class Refusal {

    private Refusal() {}

    /** There is no slot of this number. */
    static ErrorResponseException noSuchWorker(int number, Farm farm) {
        return of(
                HttpStatus.NOT_FOUND,
                "There is no worker " + number + "; the workers are 1 to " + farm.wantedWorkers() + ".");
    }

    /**
     * To be thrown.
     *
     * @param sentence what is wrong and what to do, for people; where it is wrong, the address that was called, is added
     */
    public static ErrorResponseException of(HttpStatus status, String sentence) {
        return new ErrorResponseException(
                status, ProblemDetail.forStatusAndDetail(status, sentence), /* cause= */ null);
    }
}
