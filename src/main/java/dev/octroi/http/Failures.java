package dev.octroi.http;

import dev.octroi.db.Unavailable;
import dev.octroi.db.UnstorableText;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What each failure of a request means to the caller. */
final class Failures {

    /** Seconds after which a caller may try again when a part is too busy or away. */
    static final String RETRY_AFTER_SECONDS = "2";

    private static final int MAX_CAUSES = 8;

    private Failures() {}

    /** The answer for a status code that the router gave without a failure. */
    static ProblemException ofStatus(int status) {
        return withUsualHeaders(Problem.of(ProblemType.ofStatus(status)));
    }

    /** The answer for a failure; anything that is not known is 500 and says nothing of itself. */
    static ProblemException of(@Nullable Throwable failure, int status) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            ProblemException known = known(cause);
            if (known != null) {
                return known;
            }
            cause = cause.getCause();
        }
        if (failure instanceof HttpException http) {
            return ofStatus(http.getStatusCode());
        }
        return ofStatus(failure == null || status != 500 ? status : 500);
    }

    private static @Nullable ProblemException known(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case ValidatorException invalid -> ContractErrors.of(invalid).toException();
            case DecodeException notJson ->
                Problem.of(ProblemType.INVALID_REQUEST, "The body is not well-formed JSON")
                        .toException();
            default -> ofTheDatabase(failure);
        };
    }

    private static @Nullable ProblemException ofTheDatabase(Throwable failure) {
        if (UnstorableText.isSaidBy(failure)) {
            return Problem.of(ProblemType.INVALID_REQUEST, "A text holds the character U+0000")
                    .toException();
        }
        return isPassing(failure) ? ofStatus(503) : null;
    }

    /** Whether a later try may well succeed: a full queue, a time-out, a part that is away. */
    private static boolean isPassing(Throwable failure) {
        return failure instanceof RejectedExecutionException || Unavailable.isSaidBy(failure);
    }

    private static ProblemException withUsualHeaders(Problem problem) {
        return switch (problem.type()) {
            case UNAVAILABLE -> new ProblemException(problem, Map.of("Retry-After", RETRY_AFTER_SECONDS));
            case UNAUTHENTICATED ->
                new ProblemException(problem, Map.of("WWW-Authenticate", "Bearer realm=\"octroi\""));
            default -> new ProblemException(problem);
        };
    }
}
