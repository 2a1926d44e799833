package dev.octroi.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} of one write (draft-ietf-httpapi-idempotency-key-header), bound to who sent it where.
 *
 * <p>Instances compare by their scope and fingerprint.
 */
public final class IdempotencyKey {

    /** The longest key, without quotes. */
    public static final int MAX_LENGTH = 128;

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final int tenantId;
    private final byte[] scopeHash;
    private final byte[] fingerprint;

    private IdempotencyKey(int tenantId, byte[] scopeHash, byte[] fingerprint) {
        this.tenantId = tenantId;
        this.scopeHash = scopeHash;
        this.fingerprint = fingerprint;
    }

    /**
     * The key of a call.
     *
     * @param tenantId the caller's tenant, 0 for callers of no tenant
     * @param clientId the caller's client: two clients of a tenant may use the same key
     * @throws ProblemException 400 when there is none, or it is not well formed
     */
    public static IdempotencyKey of(ApiCall call, int tenantId, String clientId) {
        String key = parse(call.header("Idempotency-Key").orElse(null));
        ContractOperation operation = call.operation();
        byte[] scope = digest(
                List.of(Integer.toString(tenantId), clientId, operation.method().name(), operation.template(), key));
        byte[] print = digest(List.of(call.context().request().uri(), canonicalBody(call)));
        return new IdempotencyKey(tenantId, scope, print);
    }

    /** The caller's tenant, 0 for none. */
    public int tenantId() {
        return tenantId;
    }

    /**
     * A text that is the same whenever this request is repeated, for effects that are made outside the transaction of
     * the answer and know duplicates by a reference of their own: 32 hexadecimal digits.
     */
    public String reference() {
        return HexFormat.of().formatHex(scopeHash, 0, 16);
    }

    byte[] scopeHash() {
        return scopeHash.clone();
    }

    byte[] fingerprint() {
        return fingerprint.clone();
    }

    boolean hasFingerprint(byte[] other) {
        return MessageDigest.isEqual(fingerprint, other);
    }

    /** Name of the advisory lock held while the request runs. */
    long lock() {
        return ByteBuffer.wrap(scopeHash).getLong();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IdempotencyKey that
                && tenantId == that.tenantId
                && Arrays.equals(scopeHash, that.scopeHash)
                && Arrays.equals(fingerprint, that.fingerprint);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(scopeHash);
    }

    /** A structured-field string (RFC 8941 §3.3.3) or the same without quotes. */
    static String parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            throw Problem.of(ProblemType.IDEMPOTENCY_KEY_MISSING).toException();
        }
        String text = header.strip();
        String key = text;
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            key = text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
        }
        boolean printable = key.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (key.isBlank() || key.length() > MAX_LENGTH || !printable) {
            throw Problem.of(ProblemType.INVALID_REQUEST)
                    .withErrors(List.of(new Problem.Place(
                            "#/header/Idempotency-Key", "1 to " + MAX_LENGTH + " printable ASCII characters")))
                    .toException();
        }
        return key;
    }

    private static String canonicalBody(ApiCall call) {
        if (call.operation().bodyKind() == ContractOperation.BodyKind.RAW) {
            return call.bodyBytes().toString(StandardCharsets.ISO_8859_1);
        }
        try {
            // Through text: nested values are plain maps afterwards, whose members sort.
            return CANONICAL.writeValueAsString(CANONICAL.readValue(call.body().encode(), Map.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was parsed can be written", e);
        }
    }

    /** Each part behind its length, so that no two lists of parts hash alike. */
    private static byte[] digest(List<String> parts) {
        MessageDigest sha256 = Sha256.digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return sha256.digest();
    }
}
