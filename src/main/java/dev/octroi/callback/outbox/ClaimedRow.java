package dev.octroi.callback.outbox;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.IdentifierSource;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An outbox row that this dispatcher holds the lease of, with what is needed to send it.
 *
 * @param versionBase what is added to the version of a policy where a network is told it: more after each restore
 * @param urgency how soon a policy goes out
 * @param attempts attempts including the one about to be made, 1 or more
 * @param firstAttempt whether it has never been tried before
 * @param eventType type of the event, for stream {@code webhook}
 * @param eventData data of the event, for stream {@code webhook}
 * @param eventAt when the event happened, for stream {@code webhook}
 * @param partner the operator partner of the streams {@code network} and {@code es2}, null while there is none
 * @param notificationPoints number of the notification point by step, as that partner wants it; null: the standard ones
 * @param webhook where it goes, for stream {@code webhook}; null when the endpoint is gone or disabled
 */
public record ClaimedRow(
        int tenantId,
        short vshard,
        long id,
        Stream stream,
        long endpointId,
        long key,
        long version,
        long versionBase,
        JsonObject payload,
        Instant createdAt,
        Urgency urgency,
        int attempts,
        boolean firstAttempt,
        @Nullable String eventType,
        @Nullable JsonObject eventData,
        @Nullable Instant eventAt,
        @Nullable Partner partner,
        @Nullable JsonObject notificationPoints,
        @Nullable WebhookTarget webhook) {

    /** The version under which a network is told. */
    public long toldVersion() {
        return versionBase + version;
    }

    /** The same with something else to tell. */
    public ClaimedRow withPayload(JsonObject other) {
        return with(id, other);
    }

    /** The same with something else to tell, as a message of its own. */
    public ClaimedRow with(long otherId, JsonObject other) {
        return new ClaimedRow(
                tenantId,
                vshard,
                otherId,
                stream,
                endpointId,
                key,
                version,
                versionBase,
                other,
                createdAt,
                urgency,
                attempts,
                firstAttempt,
                eventType,
                eventData,
                eventAt,
                partner,
                notificationPoints,
                webhook);
    }

    /** Under what the outbox holds it. Networks share a queue: who tells a policy is known only when the row is claimed. */
    Lane queue() {
        return new Lane(stream, endpointId);
    }

    /** Which of its tenant's queues of policies it came from. */
    DispatchStore.Queue policyQueue() {
        return new DispatchStore.Queue(tenantId, urgency, attempts > 1);
    }

    /** Who has to answer: the partner where one is known. */
    Lane lane() {
        return partner == null ? queue() : new Lane(stream, partner.id());
    }

    /** What bulkhead and breaker are kept for. */
    record Lane(Stream stream, long endpointId) {}

    /** A row that is put back unsent, because its lane has no room before {@code until}. */
    record Held(ClaimedRow row, Instant until) {}

    /**
     * A partner.
     *
     * @param tenantId whom it serves, 0 for all
     * @param callbackUrl its address in the short form
     * @param connector how it is told policies; null: not at all
     * @param secretSealed what its connector identifies itself with
     */
    public record Partner(
            int tenantId,
            long id,
            @Nullable String callbackUrl,
            @Nullable Connector connector,
            byte @Nullable [] secretSealed) {}

    /** Address and sealed secrets of a webhook endpoint; {@code shared}: sign with the secrets too. */
    public record WebhookTarget(String url, boolean shared, byte[] secretSealed, byte @Nullable [] previousSealed) {}

    /** Those of whom the receivers of some rows know identifiers. */
    static List<IdentifierSource.Subject> subjects(List<ClaimedRow> rows) {
        return rows.stream()
                .filter(row -> row.stream() == Stream.NETWORK || row.stream() == Stream.ES2)
                .map(row -> new IdentifierSource.Subject(row.tenantId(), row.key()))
                .distinct()
                .toList();
    }
}
