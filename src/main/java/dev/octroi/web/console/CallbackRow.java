package dev.octroi.web.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the outbox as the console lists it.
 *
 * @param stream {@code network}, {@code webhook} or {@code es2}
 * @param endpointId the webhook endpoint, when the stream is theirs
 * @param subjectId what it speaks of: mostly a subscription, see {@link #subject}
 * @param eventType of the event, when the stream is that of webhooks
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
        long subjectId,
        @Nullable String eventType,
        long version,
        String state,
        int attempts,
        Instant createdAt,
        Instant nextAt,
        @Nullable Instant doneAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError) {

    /** What kind of object {@link #subjectId} is the identifier of. */
    enum Subject {
        SUBSCRIPTION,
        CHANGE,
        WEBHOOK,
        /** A charging session or another thing that the console has no page of. */
        OTHER
    }

    Subject subject() {
        if (stream.equals("charging")) {
            return Subject.OTHER;
        }
        String type = eventType;
        if (type == null) {
            return Subject.SUBSCRIPTION;
        }
        return type.startsWith("policy_change.")
                ? Subject.CHANGE
                : type.startsWith("webhook.") ? Subject.WEBHOOK : Subject.SUBSCRIPTION;
    }
}
