package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something for the network or an operator that was given up.
 *
 * @param id its identifier, sent as {@code webhook-id} with each attempt
 * @param key the subscription, or the session of the stream {@link Stream#CHARGING}
 * @param attempts attempts made
 * @param lastStatus HTTP status of the last attempt; null when no answer came
 * @param lastError why the last attempt failed, without any identifier
 * @param givenUpAt when it was given up
 */
public record DeadLetter(
        int tenantId,
        long id,
        Stream stream,
        long key,
        long version,
        int attempts,
        Instant createdAt,
        Instant givenUpAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError) {
    public DeadLetter {
        requireNonNull(stream, "stream is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(givenUpAt, "givenUpAt is null");
    }

    /** What came of the wish to send it once more. */
    public enum Replay {
        /** It is due again, under the same identifier. */
        DUE,
        /** There is no such dead letter. */
        UNKNOWN,
        /** The network has been told, or is being told, something newer about the same subscription. */
        OVERTAKEN
    }
}
