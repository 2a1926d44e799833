package dev.octroi.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an operation.
 *
 * @param status HTTP status, or 0 when the handler has written to the response itself
 * @param headers header fields beside {@code Content-Type}
 * @param mediaType media type of the body, null without one
 * @param body the body, null for none
 */
public record Reply(
        int status,
        Map<String, String> headers,
        @Nullable String mediaType,
        @Nullable Buffer body) {

    private static final String JSON = "application/json";

    /** Copies the headers. */
    public Reply {
        headers = Map.copyOf(headers);
    }

    /** 200 with a JSON object. */
    public static Reply ok(JsonObject json) {
        return json(200, json);
    }

    /** Any status with a JSON object. */
    public static Reply json(int status, JsonObject json) {
        return new Reply(status, Map.of(), JSON, json.toBuffer());
    }

    /** Any status with a JSON array. */
    public static Reply json(int status, JsonArray json) {
        return new Reply(status, Map.of(), JSON, json.toBuffer());
    }

    /** 201 with the new object and where it lives. */
    public static Reply created(String location, JsonObject json) {
        return json(201, json).withHeader("Location", location);
    }

    /** 204. */
    public static Reply noContent() {
        return new Reply(204, Map.of(), null, null);
    }

    /** Any status with bytes of any media type. */
    public static Reply of(int status, String mediaType, Buffer body) {
        return new Reply(status, Map.of(), mediaType, body);
    }

    /** A problem as a value, for refusals that are kept and repeated. */
    public static Reply problem(ProblemException problem) {
        return new Reply(
                problem.problem().status(),
                problem.headers(),
                Problem.MEDIA_TYPE,
                problem.problem().toJson().toBuffer());
    }

    /** For streams: the handler has taken the response over. */
    public static Reply written() {
        return new Reply(0, Map.of(), null, null);
    }

    /** The same with one more header field. */
    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, mediaType, body);
    }
}
