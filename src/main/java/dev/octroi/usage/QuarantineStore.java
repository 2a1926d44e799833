package dev.octroi.usage;

import dev.octroi.drain.Category;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.UsageRecord;
import dev.octroi.secret.IdentifierKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what could not be counted, until an admin releases or drops it. */
final class QuarantineStore {
    /** Keeps records; one that is kept already stays as it is. */
    Future<Void> keep(SqlConnection connection, List<Kept> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.of(
                records.stream().map(Kept::tenantId).toArray(Integer[]::new),
                records.stream().map(Kept::vshard).toArray(Short[]::new),
                records.stream().map(each -> each.record().source()).toArray(String[]::new),
                records.stream().map(each -> each.record().key()).toArray(String[]::new),
                records.stream().map(each -> each.fault().word()).toArray(String[]::new),
                records.stream().map(each -> each.subscriber().kind().name()).toArray(String[]::new));
        columns.addValue(records.stream()
                .map(each -> Buffer.buffer(each.subscriber().hash()))
                .toArray(Buffer[]::new));
        columns.addValue(
                records.stream().map(each -> json(each.record()).encode()).toArray(String[]::new));
        columns.addValue(records.stream()
                .map(each -> each.record().receivedAt().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        return connection.preparedQuery("""
                        INSERT INTO quarantine (tenant_id, vshard, source, key, reason, id_kind, id_hash, record,
                                                received_at)
                        SELECT tenant_id, vshard, source, key, reason, id_kind, id_hash, record::jsonb, received_at
                        FROM unnest($1::int[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[],
                                    $8::text[], $9::timestamptz[])
                             AS q (tenant_id, vshard, source, key, reason, id_kind, id_hash, record, received_at)
                        ON CONFLICT (tenant_id, vshard, source, key) DO NOTHING
                        """).execute(columns).mapEmpty();
    }

    /** Records that wait, longest waiting first. */
    Future<List<QuarantinedRecord>> open(SqlClient connection, int limit) {
        return connection.preparedQuery("""
                        SELECT tenant_id, vshard, source, key, reason, record, received_at
                        FROM quarantine WHERE resolved_at IS NULL
                        ORDER BY received_at LIMIT $1
                        """).execute(Tuple.of(limit)).map(rows -> {
            List<QuarantinedRecord> records = new ArrayList<>();
            for (Row row : rows) {
                records.add(new QuarantinedRecord(
                        row.getInteger(0),
                        row.getShort(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getJsonObject(5),
                        row.getOffsetDateTime(6).toInstant()));
            }
            return records;
        });
    }

    /** The record and its subscriber, locked until the transaction ends; empty when it does not wait any more. */
    Future<Optional<Waiting>> take(SqlConnection connection, QuarantinedRecord.Id id) {
        return connection
                .preparedQuery("""
                        SELECT id_kind, id_hash, record, received_at FROM quarantine
                        WHERE tenant_id = $1 AND vshard = $2 AND source = $3 AND key = $4 AND resolved_at IS NULL
                        FOR UPDATE
                        """)
                .execute(Tuple.of(id.tenantId(), id.vshard(), id.source(), id.key()))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new Waiting(
                                Subscriber.of(
                                        IdentifierKind.valueOf(row.getString(0)),
                                        row.getBuffer(1).getBytes()),
                                record(
                                        id,
                                        row.getJsonObject(2),
                                        row.getOffsetDateTime(3).toInstant())));
                    }
                    return Optional.empty();
                });
    }

    /** Notes what was done with a record. */
    Future<Void> resolve(SqlConnection connection, QuarantinedRecord.Id id, String resolution, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine SET resolution = $5, resolved_at = $6
                        WHERE tenant_id = $1 AND vshard = $2 AND source = $3 AND key = $4 AND resolved_at IS NULL
                        """)
                .execute(Tuple.of(
                        id.tenantId(), id.vshard(), id.source(), id.key(), resolution, at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /**
     * A record that waits.
     *
     * @param subscriber whose it is
     * @param record what was reported
     */
    record Waiting(Subscriber subscriber, UsageRecord record) {}

    /**
     * A record to keep.
     *
     * @param account whose it is, when that is known
     */
    record Kept(@Nullable AccountKey account, Subscriber subscriber, UsageRecord record, Fault fault) {
        int tenantId() {
            return account == null ? 0 : account.tenantId();
        }

        short vshard() {
            return account == null ? 0 : account.vshard();
        }
    }

    private static JsonObject json(UsageRecord record) {
        return new JsonObject()
                .put("meaning", record.meaning().name())
                .put("session", record.session())
                .put("counterBits", record.counterBits())
                .put("start", record.eventStart().toString())
                .put("end", record.eventEnd().toString())
                .put("up", record.upBytes())
                .put("down", record.downBytes())
                .put("plmn", record.plmn())
                .put("country", record.country())
                .put("trackingArea", record.trackingArea())
                .put("rat", record.rat())
                .put("category", record.category().word())
                .put("destinationClass", record.destinationClass())
                .put("deviceHash", record.deviceHash());
    }

    private static UsageRecord record(QuarantinedRecord.Id id, JsonObject json, Instant receivedAt) {
        return new UsageRecord(
                id.source(),
                id.key(),
                UsageRecord.Meaning.valueOf(json.getString("meaning")),
                json.getString("session"),
                json.getInteger("counterBits"),
                Instant.parse(json.getString("start")),
                Instant.parse(json.getString("end")),
                receivedAt,
                json.getLong("up"),
                json.getLong("down"),
                json.getString("plmn"),
                json.getString("country"),
                json.getString("trackingArea"),
                json.getString("rat"),
                Category.of(json.getString("category")),
                json.getString("destinationClass"),
                json.getString("deviceHash"));
    }
}
