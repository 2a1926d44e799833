package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be counted and waits for an admin, or waited.
 *
 * @param id its number
 * @param tenantId whose it is; 0 when the subscriber was not known
 * @param source the feed
 * @param key the record's key at its feed
 * @param reason why it was not counted, a {@link Fault}'s word
 * @param status what became of it
 * @param record what was reported, without the subscriber
 * @param receivedAt when
 * @param resolvedAt when it was released or dropped
 * @param byItself whether it was released without anybody's act
 */
public record QuarantinedRecord(
        long id,
        int tenantId,
        String source,
        String key,
        String reason,
        Status status,
        JsonObject record,
        Instant receivedAt,
        @Nullable Instant resolvedAt,
        boolean byItself) {
    public QuarantinedRecord {
        requireNonNull(status, "status is null");
        requireNonNull(record, "record is null");
    }

    /** Whether it says enough to be counted; else only its place is known. */
    public boolean isReadable() {
        return record.containsKey("meaning");
    }

    /** Whether it ends later than clocks differ: counted now it would stand for the latest news of its account until then. */
    public boolean isInFuture(Instant now) {
        return isReadable() && Instant.parse(record.getString("end")).isAfter(now.plus(UsageIntake.CLOCK_SKEW));
    }

    /** What became of a record. */
    public enum Status {
        WAITING,
        RELEASED,
        DROPPED;

        /** The stable word of database and APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
