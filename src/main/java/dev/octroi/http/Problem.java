package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One RFC 9457 problem as sent in {@code application/problem+json}.
 *
 * @param type the kind, which fixes URI, title and status
 * @param detail what happened this time, for people; never an identifier of a profile or person
 * @param code short code for programs; the kind's own unless a finer one helps
 * @param hint what to do next
 * @param errors places in the request, at most {@value #MAX_ERRORS}
 * @param traceId the request id under which the logs speak of it
 */
public record Problem(
        ProblemType type,
        @Nullable String detail,
        String code,
        @Nullable String hint,
        List<Place> errors,
        @Nullable String traceId) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** More places than this help nobody. */
    public static final int MAX_ERRORS = 32;

    /**
     * One place that is wrong.
     *
     * @param pointer RFC 6901 as a URI fragment: {@code #/items/0/quantity} in the body, {@code #/query/limit},
     *     {@code #/path/id} or {@code #/header/If-Match} for parameters
     * @param detail what is wrong there
     */
    public record Place(String pointer, String detail) {
        /** Checks that both are there. */
        public Place {
            requireNonNull(pointer, "pointer is null");
            requireNonNull(detail, "detail is null");
        }
    }

    /** Checks the parts and cuts the list of errors. */
    public Problem {
        requireNonNull(type, "type is null");
        requireNonNull(code, "code is null");
        errors = errors.size() > MAX_ERRORS ? List.copyOf(errors.subList(0, MAX_ERRORS)) : List.copyOf(errors);
    }

    /** A problem of this kind and nothing more. */
    public static Problem of(ProblemType type) {
        return new Problem(type, null, type.code(), null, List.of(), null);
    }

    /** A problem of this kind with what happened this time. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, type.code(), null, List.of(), null);
    }

    /** The same with a finer code. */
    public Problem withCode(String newCode) {
        return new Problem(type, detail, newCode, hint, errors, traceId);
    }

    /** The same with what to do next. */
    public Problem withHint(String newHint) {
        return new Problem(type, detail, code, newHint, errors, traceId);
    }

    /** The same with the places that are wrong. */
    public Problem withErrors(List<Place> newErrors) {
        return new Problem(type, detail, code, hint, newErrors, traceId);
    }

    /** The same under a request id. */
    public Problem withTraceId(@Nullable String newTraceId) {
        return new Problem(type, detail, code, hint, errors, newTraceId);
    }

    /** The HTTP status. */
    public int status() {
        return type.status();
    }

    /** Ready to be thrown or to fail a future with. */
    public ProblemException toException() {
        return new ProblemException(this);
    }

    /** The body of the answer; members without a value are left out. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", type.uri())
                .put("title", type.title())
                .put("status", type.status());
        if (detail != null) {
            json.put("detail", detail);
        }
        json.put("code", code);
        if (hint != null) {
            json.put("hint", hint);
        }
        if (!errors.isEmpty()) {
            JsonArray list = new JsonArray();
            errors.forEach(error ->
                    list.add(new JsonObject().put("pointer", error.pointer()).put("detail", error.detail())));
            json.put("errors", list);
        }
        if (traceId != null) {
            json.put("traceId", traceId);
        }
        return json;
    }
}
