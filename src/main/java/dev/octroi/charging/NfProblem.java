package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A refusal in the words of the service-based interfaces (3GPP TS 29.500 §5.2.7, TS 29.571 ProblemDetails).
 *
 * @param status the HTTP status, 4xx, or 503 where the gateway is too busy
 * @param cause the application error
 * @param detail one sentence, without any identifier of a subscriber
 * @param param JSON pointer of the information element at fault
 */
public record NfProblem(int status, String cause, String detail, Optional<String> param) {
    /** The media type of the body. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Two messages of a session under one number: as a rule the consumer numbers none, and was registered as one that does. */
    static final NfProblem NUMBER_REUSED = new NfProblem(
            400,
            "MANDATORY_IE_INCORRECT",
            "Another report of this session had this number: numbers must not come back.",
            Optional.of("/invocationSequenceNumber"));

    public NfProblem {
        requireNonNull(cause, "cause is null");
        requireNonNull(detail, "detail is null");
        requireNonNull(param, "param is null");
    }

    static NfProblem of(int status, String cause, String detail) {
        return new NfProblem(status, cause, detail, Optional.empty());
    }

    /** A body that is no JSON object. */
    static NfProblem malformed(String detail) {
        return of(400, "INVALID_MSG_FORMAT", detail);
    }

    /** Nobody who is known here, or nobody the consumer may ask for: both are told alike. */
    static NfProblem userUnknown() {
        return of(404, "USER_UNKNOWN", "No account is linked to this subscriber.");
    }

    /** No such session or subscription. */
    static NfProblem contextNotFound() {
        return of(404, "CONTEXT_NOT_FOUND", "There is no such resource.");
    }

    /** What it counts as: its cause, or a word of its own where the cause stands for several things. */
    public String result() {
        return equals(NUMBER_REUSED) ? "number_reused" : cause;
    }

    /** The body as it goes out. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("cause", cause);
        param.ifPresent(pointer -> json.put(
                "invalidParams",
                new JsonArray().add(new JsonObject().put("param", pointer).put("reason", detail))));
        return json;
    }

    private String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 415 -> "Unsupported Media Type";
            case 503 -> "Service Unavailable";
            default -> "Refused";
        };
    }

    /** As an exception, which ends the reading of a message. */
    public RefusedException refuse() {
        return new RefusedException(this);
    }

    /** Carries a problem to where it is answered. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient NfProblem problem;

        RefusedException(NfProblem problem) {
            super(problem.cause(), null, false, false);
            this.problem = problem;
        }

        public NfProblem problem() {
            return problem;
        }
    }
}
