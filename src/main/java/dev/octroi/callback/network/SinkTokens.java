package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.HmacSha256;
import dev.octroi.secret.SignedToken;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The access tokens of sinks: whoever sends an event shows the token that its assignment was requested with. It says which
 * request that was, so an event can be matched even before the request has been answered, and nothing has to be kept.
 */
public final class SinkTokens {
    /** How long a token is good; what happens later is found by reading. */
    static final Duration LIFE = Duration.ofDays(365);

    private static final int CONTENT_BYTES = Integer.BYTES + 3 * Long.BYTES;
    private static final int TOKEN_BYTES = CONTENT_BYTES + 32;

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
        return SignedToken.of(content, this::mac);
    }

    /** What a token that we issued is about; empty for any other, and for one that has expired. */
    Optional<Request> read(String token, Instant now) {
        return SignedToken.read(token, TOKEN_BYTES, TOKEN_BYTES - CONTENT_BYTES, this::mac)
                .filter(content -> content.length == CONTENT_BYTES)
                .flatMap(content -> request(ByteBuffer.wrap(content), now));
    }

    private static Optional<Request> request(ByteBuffer read, Instant now) {
        Request request = new Request(read.getInt(), read.getLong(), read.getLong());
        return read.getLong() < now.getEpochSecond() ? Optional.empty() : Optional.of(request);
    }

    private byte[] mac(byte[] content) {
        return HmacSha256.of(key, content);
    }
}
