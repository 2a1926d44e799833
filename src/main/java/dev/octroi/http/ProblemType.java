package dev.octroi.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every kind of problem that an Octroi API answers with (RFC 9457 §3.1.1). The URI of a kind never changes; each has a
 * page at {@code /problems/{slug}}.
 */
public enum ProblemType {
    /** 400: some part of the request breaks the contract; the errors say which. */
    INVALID_REQUEST(
            400,
            "The request does not match the contract",
            "A path, query or header parameter or the body breaks the published contract. Each entry of \"errors\""
                    + " points at one place."),
    /** 400: the bytes are not a well-formed HTTP message. */
    MALFORMED_MESSAGE(
            400,
            "The HTTP message is not well formed",
            "The framing of the message is ambiguous or against RFC 9112, and the connection was closed."),
    /** 400: a write without the key that makes it safe to repeat. */
    IDEMPOTENCY_KEY_MISSING(
            400,
            "An Idempotency-Key is required",
            "Send a fresh unique key, for example a UUID, with each new write; repeat the same key when you retry."),
    /** 400: a cursor that was not issued by this service for this list and these filters. */
    INVALID_CURSOR(
            400,
            "The page cursor is not valid here",
            "Cursors are opaque and belong to one list with one set of filters. Start again without \"after\"."),
    /** 401: no credential, or one that is not valid now. */
    UNAUTHENTICATED(
            401,
            "A valid credential is required",
            "Get an access token at /oauth/token and send it as \"Authorization: Bearer ...\"."),
    /** 403: the credential is good, but not for this. */
    FORBIDDEN(
            403,
            "The credential does not allow this",
            "The access token lacks the scope that the operation asks for, or the partner is not registered for it."),
    /** 404: there is nothing here, or nothing that this caller may see. */
    NOT_FOUND(404, "There is no such resource", "The path does not exist, or its object belongs to someone else."),
    /** 405: the path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", "The \"Allow\" header names the methods of this path."),
    /** 406: none of the media types asked for can be made. */
    NOT_ACCEPTABLE(406, "No acceptable media type", "The operation cannot answer in a media type of \"Accept\"."),
    /** 408: the request did not arrive in time. */
    REQUEST_TIMEOUT(408, "The request took too long to arrive", "Send the whole request within a few seconds."),
    /** 409: the state of the object does not allow the operation now. */
    CONFLICT(409, "The state of the resource does not allow this", "Read the resource again and decide anew."),
    /** 409: the first request with this key still runs. */
    IDEMPOTENCY_KEY_IN_USE(
            409,
            "A request with this Idempotency-Key is still running",
            "Wait a moment and repeat the request with the same key."),
    /** 410: the thing was here and is gone for good. */
    GONE(410, "The resource is gone", "It was removed or has expired and will not come back."),
    /** 412: the object changed since it was read. */
    PRECONDITION_FAILED(
            412,
            "The resource has changed since you read it",
            "\"If-Match\" names an older version. Read the resource again, merge, and send its new ETag."),
    /** 413: the body is larger than the operation takes. */
    CONTENT_TOO_LARGE(413, "The body is too large", "Send less in one request; batches can be split."),
    /** 414: the request target is too long. */
    URI_TOO_LONG(414, "The request target is too long", "Shorten the query."),
    /** 415: the body's media type is not one that the operation takes. */
    UNSUPPORTED_MEDIA_TYPE(
            415, "The media type of the body is not supported", "\"Accept\" or the contract names what is taken."),
    /** 422: well formed, understood, and not possible. */
    UNPROCESSABLE(422, "The request cannot be carried out", "Its form is right, but its values contradict the rules."),
    /** 422: the key came before with another payload. */
    IDEMPOTENCY_KEY_REUSED(
            422,
            "The Idempotency-Key was used for another request",
            "A key belongs to one payload. Make a new key for a new request."),
    /** 428: a change without naming the version that it changes. */
    PRECONDITION_REQUIRED(
            428, "If-Match is required", "Read the resource first and send its ETag in \"If-Match\" with the change."),
    /** 429: too many requests of this class. */
    TOO_MANY_REQUESTS(429, "Too many requests", "Wait for the number of seconds in \"Retry-After\"."),
    /** 431: the header fields are too large. */
    HEADERS_TOO_LARGE(431, "The header fields are too large", "Send fewer or shorter header fields."),
    /** 500: a fault of ours. */
    INTERNAL(500, "Something went wrong here", "The fault is ours and was recorded under the trace id."),
    /** 501: a method that no listener of ours knows. */
    NOT_IMPLEMENTED(501, "The method is not implemented", "Octroi knows GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS."),
    /** 503: too busy, or a part that is needed does not answer now. */
    UNAVAILABLE(503, "The service cannot do this right now", "Try again after the seconds in \"Retry-After\".");

    private static final String BASE = "https://octroi.dev/problems/";
    private static final String QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    private final int status;
    private final String title;
    private final String explanation;

    ProblemType(int status, String title, String explanation) {
        this.status = status;
        this.title = title;
        this.explanation = explanation;
    }

    /** The HTTP status that always goes with this kind. */
    public int status() {
        return status;
    }

    /** One English sentence, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** What to do about it, for the page of this kind. */
    public String explanation() {
        return explanation;
    }

    /** The last part of the URI, such as {@code invalid-request}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The short code for programs, such as {@code invalid_request}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The absolute, stable URI of this kind. */
    public String uri() {
        // The one kind that is registered elsewhere (draft-ietf-httpapi-ratelimit-headers).
        return this == TOO_MANY_REQUESTS ? QUOTA_EXCEEDED : BASE + slug();
    }

    /** The kind with this slug. */
    public static Optional<ProblemType> ofSlug(String slug) {
        return Arrays.stream(values()).filter(type -> type.slug().equals(slug)).findFirst();
    }

    /** The plainest kind for an HTTP status; unknown 4xx become INVALID_REQUEST, anything else INTERNAL. */
    public static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 409 -> CONFLICT;
            case 410 -> GONE;
            case 412 -> PRECONDITION_FAILED;
            case 413 -> CONTENT_TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 422 -> UNPROCESSABLE;
            case 428 -> PRECONDITION_REQUIRED;
            case 429 -> TOO_MANY_REQUESTS;
            case 431 -> HEADERS_TOO_LARGE;
            case 501 -> NOT_IMPLEMENTED;
            case 503 -> UNAVAILABLE;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL;
        };
    }
}
