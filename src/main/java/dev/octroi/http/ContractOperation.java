package dev.octroi.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One operation of a contract, as far as routing needs it.
 *
 * @param id the operationId
 * @param method the HTTP method
 * @param template the whole path with the server's base, in OpenAPI form: {@code /v1/orders/{id}}
 * @param tag the first tag, which is also the rate limit class's name
 * @param security alternatives, each a map from scheme to scopes; empty for an open operation
 * @param bodyKind how the body is read
 * @param bodyRequired whether a request without a body is refused
 * @param bodyLimitBytes the largest body, {@code x-body-limit-bytes} or 64 KB
 * @param requestMediaTypes media types of the body, lower case
 * @param responseMediaTypes media types of successful answers; empty when none has content
 */
public record ContractOperation(
        String id,
        HttpMethod method,
        String template,
        String tag,
        List<Map<String, List<String>>> security,
        BodyKind bodyKind,
        boolean bodyRequired,
        int bodyLimitBytes,
        Set<String> requestMediaTypes,
        Set<String> responseMediaTypes) {

    /** The largest body of an operation that does not say otherwise. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

    /** No operation may take more. */
    public static final int MAX_BODY_LIMIT_BYTES = 5 * 1024 * 1024;

    /** How the body of a request is read. */
    public enum BodyKind {
        /** The operation takes no body. */
        NONE,
        /** Parsed and validated against the schema. */
        JSON,
        /** A form, turned into a JSON object of strings and validated as such. */
        FORM,
        /** Bytes for the handler, such as NDJSON. */
        RAW
    }

    /** Copies the collections and checks the limit. */
    public ContractOperation {
        security = List.copyOf(security);
        requestMediaTypes = Set.copyOf(requestMediaTypes);
        responseMediaTypes = Set.copyOf(responseMediaTypes);
        if (bodyLimitBytes < 0 || bodyLimitBytes > MAX_BODY_LIMIT_BYTES) {
            throw new IllegalArgumentException(
                    "x-body-limit-bytes of " + id + " is not within 0.." + MAX_BODY_LIMIT_BYTES);
        }
    }

    /** The path in the router's form: {@code /v1/orders/:id}. */
    String routePath() {
        return template.replaceAll("\\{([^}]+)}", ":$1");
    }
}
