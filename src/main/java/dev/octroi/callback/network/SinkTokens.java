package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The access tokens of sinks: whoever sends an event shows the token that its assignment was requested with. It says which
 * request that was, so an event can be matched even before the request has been answered, and nothing has to be kept.
 */
public final class SinkTokens {
    /** How long a token is good; what happens later is found by reading. */
    static final Duration LIFE = Duration.ofDays(365);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int CONTENT_BYTES = Integer.BYTES + 3 * Long.BYTES;
    private static final int TOKEN_BYTES = CONTENT_BYTES + 32;
    private static final int MAX_LENGTH = 120;

    private final SecretKey key;

    /** @param key for this purpose alone, the same on all gateways of an installation */
    public SinkTokens(SecretKey key) {
        this.key = requireNonNull(key, "key is null");
    }

    /**
     * What a token is about.
     *
     * @param number of the request, {@link NetworkCopy#number}
     */
    record Request(int tenantId, long subscriptionId, long number) {}

    String issue(Request request, Instant expiresAt) {
        byte[] content = ByteBuffer.allocate(CONTENT_BYTES)
                .putInt(request.tenantId())
                .putLong(request.subscriptionId())
                .putLong(request.number())
                .putLong(expiresAt.getEpochSecond())
                .array();
        byte[] token =
                ByteBuffer.allocate(TOKEN_BYTES).put(content).put(mac(content)).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** What a token that we issued is about; empty for any other, and for one that has expired. */
    Optional<Request> read(String token, Instant now) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != TOKEN_BYTES) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOf(bytes, CONTENT_BYTES);
        if (!MessageDigest.isEqual(mac(content), Arrays.copyOfRange(bytes, CONTENT_BYTES, TOKEN_BYTES))) {
            return Optional.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(content);
        Request request = new Request(read.getInt(), read.getLong(), read.getLong());
        return read.getLong() < now.getEpochSecond() ? Optional.empty() : Optional.of(request);
    }

    private byte[] mac(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
