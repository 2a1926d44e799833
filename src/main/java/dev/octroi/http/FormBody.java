package dev.octroi.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** An {@code application/x-www-form-urlencoded} body as a JSON object of strings. */
final class FormBody {

    private static final int MAX_FIELDS = 64;

    private FormBody() {}

    /** Refuses what cannot be decoded and a field that comes twice (RFC 6749 §3.2). */
    static JsonObject parse(Buffer body) {
        JsonObject json = new JsonObject();
        try {
            Map<String, List<String>> fields = new QueryStringDecoder(
                            body.toString("UTF-8"), java.nio.charset.StandardCharsets.UTF_8, false, MAX_FIELDS)
                    .parameters();
            fields.forEach((name, values) -> {
                if (values.size() != 1) {
                    throw Problem.of(ProblemType.INVALID_REQUEST, "A form field comes more than once")
                            .toException();
                }
                json.put(name, values.getFirst());
            });
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "The form cannot be decoded")
                    .toException();
        }
        return json;
    }
}
