package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.secret.Aad;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * Something that a receiver outside must be told.
 *
 * @param tenantId the tenant it belongs to
 * @param id its identifier, on the key's virtual shard; sent as {@code webhook-id} with every attempt
 * @param stream the kind of receiver
 * @param endpointId the operator partner for {@code network} and {@code es2}, 0 when only one is configured; the webhook
 *     endpoint for {@code webhook}
 * @param key the subscription: rows of one key and endpoint are sent in the order of their versions
 * @param version grows with each row of the key; a second row with the same version is ignored
 * @param payload what to tell, at most 20 kB, with references only and no identifier in clear. For {@code network}:
 *     {@code level} (0 to 5, 3GPP-neutral policy level), {@code kbpsUp} and {@code kbpsDown} (absent: unlimited),
 *     {@code reason}, {@code until} (RFC 3339, absent: open), {@code decision} ({@code dec_…}). For {@code es2}:
 *     {@code profileType}, {@code timestamp}, {@code step} (a word of {@code NotificationPoints}), {@code status} and, if it
 *     failed, {@code subjectCode}, {@code reasonCode} and {@code message}; {@code notificationSequence} when a card told it;
 *     {@code card}, the EID of the card that the step is about, sealed for {@link #cardPlace}
 * @param createdAt when it was decided; the latency of the first attempt is measured from here
 * @param urgency how soon it goes out, for {@code network}
 */
public record OutboxRow(
        int tenantId,
        long id,
        Stream stream,
        long endpointId,
        long key,
        long version,
        JsonObject payload,
        Instant createdAt,
        Urgency urgency) {
    public OutboxRow {
        requireNonNull(stream, "stream is null");
        requireNonNull(payload, "payload is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(urgency, "urgency is null");
        if (Ids.shardOf(id) != Ids.shardOf(key)) {
            throw new IllegalArgumentException("an outbox row lives on the virtual shard of its key");
        }
    }

    /** One of the usual urgency. */
    public OutboxRow(
            int tenantId,
            long id,
            Stream stream,
            long endpointId,
            long key,
            long version,
            JsonObject payload,
            Instant createdAt) {
        this(tenantId, id, stream, endpointId, key, version, payload, createdAt, Urgency.DECIDED);
    }

    /** Where the card of a step is sealed: a profile may be on another one by the time at which the step is told. */
    public static Aad cardPlace(int tenantId, long profileId) {
        return Aad.of(tenantId, "outbox", "card", profileId);
    }
}
