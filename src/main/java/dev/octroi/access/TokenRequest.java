package dev.octroi.access;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to the token endpoint (RFC 6749 §4.4.2), or the error that answers it.
 *
 * @param scope what is asked for; empty: everything the client may have
 */
record TokenRequest(String clientId, String secret, Optional<String> scope) {
    private static final int MAX_FIELDS = 32;
    private static final int MAX_CREDENTIAL = 256;

    /** An error of RFC 6749 §5.2. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String error) {
            super(error, null, false, false);
        }

        String error() {
            return String.valueOf(getMessage());
        }
    }

    static TokenRequest read(MultiMap headers, @Nullable String contentType, String body) throws Refused {
        if (contentType == null
                || !contentType
                        .strip()
                        .toLowerCase(java.util.Locale.ROOT)
                        .startsWith("application/x-www-form-urlencoded")) {
            throw new Refused("invalid_request");
        }
        Map<String, List<String>> fields;
        try {
            fields = new QueryStringDecoder(body, StandardCharsets.UTF_8, false, MAX_FIELDS).parameters();
        } catch (IllegalArgumentException e) {
            throw new Refused("invalid_request");
        }
        for (List<String> values : fields.values()) {
            if (values.size() != 1) {
                throw new Refused("invalid_request");
            }
        }
        String grantType = field(fields, "grant_type").orElseThrow(() -> new Refused("invalid_request"));
        if (!grantType.equals("client_credentials")) {
            throw new Refused("unsupported_grant_type");
        }
        Optional<String> scope = field(fields, "scope");
        List<String> authorization = headers.getAll("authorization");
        Optional<String> bodySecret = field(fields, "client_secret");
        if (authorization.isEmpty()) {
            String clientId = field(fields, "client_id").orElseThrow(() -> new Refused("invalid_client"));
            return bounded(clientId, bodySecret.orElseThrow(() -> new Refused("invalid_client")), scope);
        }
        if (authorization.size() != 1 || bodySecret.isPresent()) {
            // One way to authenticate, not two (RFC 6749 §2.3).
            throw new Refused("invalid_request");
        }
        return basic(authorization.getFirst(), scope);
    }

    /** HTTP Basic with both parts form-encoded (RFC 6749 §2.3.1). */
    private static TokenRequest basic(String header, Optional<String> scope) throws Refused {
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw new Refused("invalid_client");
        }
        try {
            String pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw new Refused("invalid_client");
            }
            return bounded(
                    QueryStringDecoder.decodeComponent(pair.substring(0, colon)),
                    QueryStringDecoder.decodeComponent(pair.substring(colon + 1)),
                    scope);
        } catch (IllegalArgumentException e) {
            throw new Refused("invalid_client");
        }
    }

    private static TokenRequest bounded(String clientId, String secret, Optional<String> scope) throws Refused {
        if (clientId.length() > MAX_CREDENTIAL || secret.length() > MAX_CREDENTIAL || clientId.indexOf('\0') >= 0) {
            throw new Refused("invalid_client");
        }
        return new TokenRequest(clientId, secret, scope);
    }

    private static Optional<String> field(Map<String, List<String>> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(List::getFirst).filter(value -> !value.isEmpty());
    }
}
