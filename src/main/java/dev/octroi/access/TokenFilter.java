package dev.octroi.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.db.PublicId;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Looks at the form of a token before any library does. Libraries accept forms that mean something else to another
 * library: a member that comes twice, padding, a missing {@code exp}, a scope that is an object. Here one form passes,
 * the one that {@link TokenIssuer} writes (RFC 9068 with ES256); everything else is refused with a reason for the metrics.
 */
final class TokenFilter {
    /** More than any token of ours. */
    static final int MAX_LENGTH = 8 * 1024;

    private static final int SIGNATURE_BYTES = 64;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_TEXT = 256;
    private static final int MAX_TARGETS = 64;
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "kid", "typ");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(20)
                            .maxStringLength(4096)
                            .maxNameLength(128)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TokenFilter() {}

    /** Reads a token whose form is right and whose times include {@code now}. */
    static TokenClaims read(String token, Instant now) throws TokenRefusedException {
        if (token.length() > MAX_LENGTH) {
            throw new TokenRefusedException("too_long");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new TokenRefusedException("not_three_parts");
        }
        JsonNode header = object(parts[0]);
        JsonNode claims = object(parts[1]);
        if (decode(parts[2]).length != SIGNATURE_BYTES) {
            throw new TokenRefusedException("signature_length");
        }
        String keyId = header(header);
        Instant issuedAt = time(claims, "iat");
        Instant expiresAt = time(claims, "exp");
        if (issuedAt.isAfter(now.plus(TokenRules.SKEW))) {
            throw new TokenRefusedException("issued_in_the_future");
        }
        if (!now.isBefore(expiresAt.plus(TokenRules.SKEW)) || !issuedAt.isBefore(expiresAt)) {
            throw new TokenRefusedException("expired");
        }
        if (expiresAt.isAfter(issuedAt.plus(TokenRules.MAX_LIFE))) {
            throw new TokenRefusedException("lives_too_long");
        }
        if (claims.has("nbf") && time(claims, "nbf").isAfter(now.plus(TokenRules.SKEW))) {
            throw new TokenRefusedException("not_yet_valid");
        }
        return new TokenClaims(
                keyId,
                text(claims, "iss"),
                text(claims, "aud"),
                text(claims, "sub"),
                issuedAt,
                expiresAt,
                text(claims, "jti"),
                tenant(claims),
                Scopes.parse(text(claims, "scope")).orElseThrow(() -> new TokenRefusedException("scope_form")),
                targets(claims),
                subscription(claims),
                certificate(claims));
    }

    private static String header(JsonNode header) throws TokenRefusedException {
        for (Iterator<String> names = header.fieldNames(); names.hasNext(); ) {
            if (!HEADER_MEMBERS.contains(names.next())) {
                throw new TokenRefusedException("header_member");
            }
        }
        if (!text(header, "typ").equals("at+jwt") || !text(header, "alg").equals("ES256")) {
            throw new TokenRefusedException("header_value");
        }
        return text(header, "kid");
    }

    private static int tenant(JsonNode claims) throws TokenRefusedException {
        JsonNode tenant = claims.path("tenant");
        if (!tenant.isIntegralNumber() || !tenant.canConvertToInt() || tenant.intValue() < 0) {
            throw new TokenRefusedException("tenant");
        }
        return tenant.intValue();
    }

    private static Instant time(JsonNode claims, String name) throws TokenRefusedException {
        JsonNode time = claims.path(name);
        // Whole seconds of the years 1970 to 2100: nothing later is ever issued.
        if (!time.isIntegralNumber()
                || !time.canConvertToLong()
                || time.longValue() < 0
                || time.longValue() > 4_102_444_800L) {
            throw new TokenRefusedException(name);
        }
        return Instant.ofEpochSecond(time.longValue());
    }

    private static Set<String> targets(JsonNode claims) throws TokenRefusedException {
        if (!claims.has("targets")) {
            return Set.of();
        }
        JsonNode list = claims.path("targets");
        if (!list.isArray() || list.size() > MAX_TARGETS) {
            throw new TokenRefusedException("targets");
        }
        Set<String> targets = new HashSet<>();
        for (JsonNode target : list) {
            targets.add(text(target, "targets", 128));
        }
        return targets;
    }

    private static OptionalLong subscription(JsonNode claims) throws TokenRefusedException {
        if (!claims.has("subscription")) {
            return OptionalLong.empty();
        }
        OptionalLong id = PublicId.SUBSCRIPTION.parse(text(claims, "subscription"));
        if (id.isEmpty()) {
            throw new TokenRefusedException("subscription");
        }
        return id;
    }

    private static Optional<String> certificate(JsonNode claims) throws TokenRefusedException {
        if (!claims.has("cnf")) {
            return Optional.empty();
        }
        JsonNode confirmation = claims.path("cnf");
        if (!confirmation.isObject() || confirmation.size() != 1) {
            throw new TokenRefusedException("cnf");
        }
        return Optional.of(text(confirmation, "x5t#S256"));
    }

    private static String text(JsonNode object, String name) throws TokenRefusedException {
        return text(object.path(name), name, name.equals("scope") ? 4096 : MAX_TEXT);
    }

    private static String text(JsonNode value, String name, int maxLength) throws TokenRefusedException {
        if (!value.isTextual()
                || value.textValue().isEmpty()
                || value.textValue().length() > maxLength) {
            throw new TokenRefusedException(name);
        }
        return value.textValue();
    }

    private static JsonNode object(String part) throws TokenRefusedException {
        byte[] json = decode(part);
        // Jackson would skip a byte order mark and blanks; the issuer writes neither.
        if (json.length == 0 || json[0] != '{') {
            throw new TokenRefusedException("not_an_object");
        }
        try {
            JsonNode node = JSON.readTree(json);
            if (!node.isObject()) {
                throw new TokenRefusedException("not_an_object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new TokenRefusedException("not_json", e);
        } catch (IOException e) {
            throw new TokenRefusedException("not_utf8", e);
        }
    }

    private static byte[] decode(String part) throws TokenRefusedException {
        return Base64Url.decode(part).orElseThrow(() -> new TokenRefusedException("not_base64url"));
    }
}
