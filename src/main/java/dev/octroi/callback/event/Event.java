package dev.octroi.callback.event;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * Something that happened and that resellers may want to know: one row of {@code GET /events}, and one webhook for each
 * endpoint that asked for its type.
 *
 * @param tenantId the tenant it belongs to
 * @param id its identifier, on the subject's virtual shard
 * @param type dotted, such as {@code policy.decided} or {@code usage.threshold_reached}
 * @param subjectId the subscription it is about; webhooks of one subject are sent in order
 * @param data what receivers get as {@code data}, at most 20 kB; public identifiers only ({@code sub_…})
 * @param at when it happened
 */
public record Event(int tenantId, long id, String type, long subjectId, JsonObject data, Instant at) {
    public Event {
        requireNonNull(type, "type is null");
        requireNonNull(data, "data is null");
        requireNonNull(at, "at is null");
        if (Ids.shardOf(id) != Ids.shardOf(subjectId)) {
            throw new IllegalArgumentException("an event lives on the virtual shard of its subject");
        }
    }
}
