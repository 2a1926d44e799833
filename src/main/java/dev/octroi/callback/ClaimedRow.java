package dev.octroi.callback;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An outbox row that this dispatcher holds the lease of, with what is needed to send it.
 *
 * @param attempts attempts including the one about to be made, 1 or more
 * @param firstAttempt whether it has never been tried before
 * @param eventType type of the event, for stream {@code webhook}
 * @param eventData data of the event, for stream {@code webhook}
 * @param eventAt when the event happened, for stream {@code webhook}
 * @param partnerUrl where the operator partner of the streams {@code network} and {@code es2} is called
 * @param notificationPoints number of the notification point by step, as that partner wants it; null: the standard ones
 * @param webhook where it goes, for stream {@code webhook}; null when the endpoint is gone or disabled
 */
record ClaimedRow(
        int tenantId,
        short vshard,
        long id,
        Stream stream,
        long endpointId,
        long key,
        long version,
        JsonObject payload,
        Instant createdAt,
        int attempts,
        boolean firstAttempt,
        @Nullable String eventType,
        @Nullable JsonObject eventData,
        @Nullable Instant eventAt,
        @Nullable String partnerUrl,
        @Nullable JsonObject notificationPoints,
        @Nullable WebhookTarget webhook) {

    Lane lane() {
        return new Lane(stream, endpointId);
    }

    /** What bulkhead and breaker are kept for. */
    record Lane(Stream stream, long endpointId) {}

    /** Address and sealed secrets of a webhook endpoint; {@code shared}: sign with the secrets too. */
    record WebhookTarget(String url, boolean shared, byte[] secretSealed, byte @Nullable [] previousSealed) {}
}
