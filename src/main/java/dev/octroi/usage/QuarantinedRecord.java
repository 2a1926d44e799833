package dev.octroi.usage;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A record that could not be counted and waits for an admin.
 *
 * @param tenantId whose it is; 0 when the subscriber was not known
 * @param vshard virtual shard of the account; 0 when it was not known
 * @param source the feed
 * @param key the record's key at its feed
 * @param reason why it was not counted, a {@link Fault}'s word
 * @param record what was reported, without the subscriber
 * @param receivedAt when
 */
public record QuarantinedRecord(
        int tenantId, short vshard, String source, String key, String reason, JsonObject record, Instant receivedAt) {
    /** By which it is released or dropped. */
    public Id id() {
        return new Id(tenantId, vshard, source, key);
    }

    /**
     * Identity of a quarantined record.
     *
     * @param tenantId tenant, or 0
     * @param vshard shard, or 0
     * @param source feed
     * @param key the record's key
     */
    public record Id(int tenantId, short vshard, String source, String key) {}
}
