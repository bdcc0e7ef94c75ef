package drover.admin.web;

import drover.admin.shared.Refusal;
import drover.admin.supervision.CommandRefused;
import drover.admin.supervision.Farm;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;

/**
 * Every error is a problem document, RFC 9457: {@code detail} says what is wrong and what to do, {@code instance} where. What
 * went wrong inside stays in the log.
 */
@RestControllerAdvice
final class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final DisconnectedClientHelper GONE = new DisconnectedClientHelper(Problems.class.getName());

    /** To be thrown: there is no slot of this number. */
    static Refusal noSuchWorker(int number, Farm farm) {
        return new Refusal(
                HttpStatus.NOT_FOUND,
                "There is no worker " + number + "; the workers are 1 to " + farm.wantedWorkers() + ".");
    }

    @ExceptionHandler
    ProblemDetail refused(CommandRefused refusal) {
        return CommandController.problem(refusal);
    }

    /** Whoever guards the doors answers it, and writes it down. */
    @ExceptionHandler
    @SuppressWarnings("DoNotCallSuggester") // Spring calls it, and goes on with what is thrown
    void denied(AccessDeniedException refusal) {
        throw refusal;
    }

    /** Nothing is answered to a client that is gone, which is nobody's fault. */
    @ExceptionHandler({RuntimeException.class, IOException.class})
    @Nullable
    ProblemDetail failed(Exception bug) {
        if (GONE.checkAndLogClientDisconnectedException(bug)) {
            return null;
        }
        LOG.error("request failed", bug);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong; admin.log has the details.");
    }

    // ---- what the framework refuses before a controller is asked

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception refusal, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (GONE.checkAndLogClientDisconnectedException(refusal)) {
            return null;
        }
        var sentence = sentence(refusal);
        var problem = sentence.isPresent() ? ProblemDetail.forStatusAndDetail(status, sentence.get()) : body;
        return super.handleExceptionInternal(refusal, problem, headers, status, request);
    }

    private static Optional<String> sentence(Exception refusal) {
        return switch (refusal) {
            case NoResourceFoundException none ->
                Optional.of("There is nothing at /%s; docs/formats/api.md lists what there is."
                        .formatted(none.getResourcePath().replaceFirst("^/+", "")));
            case HttpRequestMethodNotSupportedException method ->
                Optional.of("%s is not taken here; %s."
                        .formatted(method.getMethod(), offered(method.getSupportedHttpMethods())));
            case HttpMediaTypeNotSupportedException type ->
                Optional.of("A body of the type %s is not taken here; send %s."
                        .formatted(
                                Optional.ofNullable(type.getContentType())
                                        .map(MediaType::toString)
                                        .orElse("that is not said"),
                                joined(plain(type.getSupportedMediaTypes()), "or")));
            case HttpMediaTypeNotAcceptableException type ->
                Optional.of("The answer is not to be had in the type that Accept names; there is %s."
                        .formatted(joined(plain(type.getSupportedMediaTypes()), "and")));
            case MissingServletRequestParameterException missing ->
                Optional.of("The parameter %s is missing.".formatted(missing.getParameterName()));
            case TypeMismatchException mismatch ->
                Optional.of("%s must be %s, not \"%s\"."
                        .formatted(
                                Objects.requireNonNullElse(mismatch.getPropertyName(), "A value"),
                                named(mismatch.getRequiredType()),
                                mismatch.getValue()));
            case HttpMessageNotReadableException unreadable ->
                Optional.of("The body cannot be read: %s".formatted(reason(unreadable)));
            default -> Optional.empty();
        };
    }

    private static List<MediaType> plain(List<MediaType> types) {
        return types.stream().filter(MediaType::isConcrete).toList();
    }

    private static String offered(@Nullable Iterable<?> methods) {
        return methods == null ? "nothing is" : joined(methods, "and") + " may be asked";
    }

    private static String joined(Iterable<?> all, String last) {
        var names = new java.util.ArrayList<String>();
        all.forEach(one -> names.add(String.valueOf(one)));
        names.sort(null);
        return names.size() < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, names.size() - 1)) + " " + last + " " + names.getLast();
    }

    private static String named(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (List.of("int", "integer", "long").contains(type.getSimpleName().toLowerCase(Locale.ROOT))) {
            return "a whole number";
        }
        return type.getSimpleName().equalsIgnoreCase("boolean") ? "true or false" : "a " + type.getSimpleName();
    }

    private static String reason(HttpMessageNotReadableException unreadable) {
        return unreadable.getMostSpecificCause() instanceof JacksonException json
                ? json.getOriginalMessage()
                : "it is missing, or not of the type that it is said to be.";
    }
}
