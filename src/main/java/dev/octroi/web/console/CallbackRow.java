package dev.octroi.web.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the outbox as the console lists it.
 *
 * @param stream {@code network}, {@code webhook} or {@code es2}
 * @param endpointId the webhook endpoint, when the stream is theirs
 * @param subscriptionId what it speaks of
 * @param state {@code pending}, {@code delivered}, {@code superseded} or {@code dead}
 * @param nextAt when a waiting row is tried next
 * @param doneAt when it was settled
 * @param lastStatus HTTP status of the last attempt
 * @param lastError why the last attempt failed
 */
record CallbackRow(
        String tenantName,
        long id,
        String stream,
        long endpointId,
        long subscriptionId,
        long version,
        String state,
        int attempts,
        Instant createdAt,
        Instant nextAt,
        @Nullable Instant doneAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError) {}
