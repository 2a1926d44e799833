package dev.octroi.callback.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The fate of one event at one endpoint.
 *
 * @param state {@code pending}, {@code delivered} or {@code dead}
 * @param lastStatus HTTP status of the last attempt, null when no answer came
 * @param lastError why the last attempt failed
 */
public record WebhookDelivery(
        long eventId,
        String type,
        String state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Instant lastAttemptAt,
        @Nullable Instant nextAttemptAt) {}
