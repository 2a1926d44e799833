package dev.octroi.usage;

import dev.octroi.drain.Category;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.secret.IdentifierKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what could not be counted, until an admin releases or drops it. */
final class QuarantineStore {
    /** Keeps records; one that is kept already, of the same subscriber and the same UTC day, stays as it is. */
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
        columns.addValue(records.stream().map(Kept::feedTenantId).toArray(Integer[]::new));
        return connection.preparedQuery("""
                        INSERT INTO quarantine (tenant_id, vshard, source, key, reason, id_kind, id_hash, record,
                                                received_at, feed_tenant)
                        SELECT tenant_id, vshard, source, key, reason, id_kind, id_hash, record::jsonb, received_at,
                               feed_tenant
                        FROM unnest($1::int[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[],
                                    $8::text[], $9::timestamptz[], $10::int[])
                             AS q (tenant_id, vshard, source, key, reason, id_kind, id_hash, record, received_at,
                                   feed_tenant)
                        ON CONFLICT (tenant_id, vshard, source, key, id_hash, (coalesce(left(record ->> 'end', 10), '')))
                        DO NOTHING
                        """).execute(columns).mapEmpty();
    }

    /** Keeps what nobody can read, by its place alone; what is kept already stays as it is. */
    Future<Void> keepUnreadable(
            SqlConnection connection, String source, List<Unreadable> unreadable, Instant receivedAt) {
        Tuple columns = Tuple.of(
                source,
                unreadable.stream().map(Unreadable::place).toArray(String[]::new),
                unreadable.stream().map(each -> each.fault().word()).toArray(String[]::new),
                unreadable.stream()
                        .map(each ->
                                new JsonObject().put("detail", each.detail()).encode())
                        .toArray(String[]::new),
                receivedAt.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        INSERT INTO quarantine (tenant_id, vshard, source, key, reason, id_kind, id_hash, record,
                                                received_at)
                        SELECT 0, 0, $1, key, reason, 'NONE', ''::bytea, record::jsonb, $5
                        FROM unnest($2::text[], $3::text[], $4::text[]) AS q (key, reason, record)
                        ON CONFLICT (tenant_id, vshard, source, key, id_hash, (coalesce(left(record ->> 'end', 10), '')))
                        DO NOTHING
                        """).execute(columns).mapEmpty();
    }

    /** Records of all tenants in the order of their numbers. */
    Future<List<QuarantinedRecord>> list(
            SqlClient connection, QuarantinedRecord.Status status, long afterId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, tenant_id, source, key, reason, resolution, record, received_at, resolved_at, by_itself
                        FROM quarantine
                        WHERE coalesce(resolution, 'waiting') = $1 AND id > $2
                        ORDER BY id LIMIT $3
                        """)
                .execute(Tuple.of(status.word(), afterId, limit))
                .map(QuarantineStore::read);
    }

    /** The same of one tenant. */
    Future<List<QuarantinedRecord>> listOf(
            SqlClient connection, int tenantId, QuarantinedRecord.Status status, long afterId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, tenant_id, source, key, reason, resolution, record, received_at, resolved_at, by_itself
                        FROM quarantine
                        WHERE tenant_id = $1 AND coalesce(resolution, 'waiting') = $2 AND id > $3
                        ORDER BY id LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, status.word(), afterId, limit))
                .map(QuarantineStore::read);
    }

    /** A record of a tenant; tenant 0 stands for all. */
    Future<Optional<QuarantinedRecord>> find(SqlClient connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        SELECT id, tenant_id, source, key, reason, resolution, record, received_at, resolved_at, by_itself
                        FROM quarantine WHERE id = $2 AND ($1::int = 0 OR tenant_id = $1)
                        """)
                .execute(Tuple.of(tenantId, id))
                .map(rows -> read(rows).stream().findFirst());
    }

    /** What a record needs to be counted. */
    Future<Waiting> waiting(SqlConnection connection, long id) {
        return connection.preparedQuery("""
                        SELECT id_kind, id_hash, source, key, record, received_at, coalesce(feed_tenant, 0)
                        FROM quarantine WHERE id = $1
                        """).execute(Tuple.of(id)).map(rows -> {
            return waiting(rows.iterator().next());
        });
    }

    /** A row of kind and hash of the subscriber, source, key, record, receipt and the feed's tenant. */
    static Waiting waiting(Row row) {
        return new Waiting(
                row.getInteger(6),
                Subscriber.of(
                        IdentifierKind.valueOf(row.getString(0)),
                        row.getBuffer(1).getBytes()),
                record(
                        row.getString(2),
                        row.getString(3),
                        row.getJsonObject(4),
                        row.getOffsetDateTime(5).toInstant()));
    }

    /** Notes what was done with a record; false when that was noted before. What was counted is never only dropped. */
    Future<Boolean> resolve(SqlConnection connection, long id, QuarantinedRecord.Status status, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine SET resolution = $2, resolved_at = $3
                        WHERE id = $1 AND (resolved_at IS NULL OR ($2 = 'released' AND resolution = 'dropped'))
                        """)
                .execute(Tuple.of(id, status.word(), at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static List<QuarantinedRecord> read(RowSet<Row> rows) {
        List<QuarantinedRecord> records = new ArrayList<>();
        for (Row row : rows) {
            String resolution = row.getString(5);
            OffsetDateTime resolvedAt = row.getOffsetDateTime(8);
            records.add(new QuarantinedRecord(
                    row.getLong(0),
                    row.getInteger(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    resolution == null
                            ? QuarantinedRecord.Status.WAITING
                            : QuarantinedRecord.Status.valueOf(resolution.toUpperCase(Locale.ROOT)),
                    row.getJsonObject(6),
                    row.getOffsetDateTime(7).toInstant(),
                    resolvedAt == null ? null : resolvedAt.toInstant(),
                    row.getBoolean(9)));
        }
        return records;
    }

    /**
     * A record that waits.
     *
     * @param feedTenantId the tenant that its feed was bound to; 0: to none
     * @param subscriber whose it is
     * @param record what was reported
     */
    record Waiting(int feedTenantId, Subscriber subscriber, UsageRecord record) {}

    /**
     * A record to keep.
     *
     * @param account whose it is, when that is known
     * @param feedTenantId the tenant that its feed is bound to; 0: to none
     */
    record Kept(
            @Nullable AccountKey account, int feedTenantId, Subscriber subscriber, UsageRecord record, Fault fault) {
        int tenantId() {
            return account == null ? 0 : account.tenantId();
        }

        short vshard() {
            return account == null ? 0 : account.vshard();
        }
    }

    /** The beginning of a session is kept as a reading of nothing, which a gateway of before can read and that adds nothing there. */
    static JsonObject json(UsageRecord record) {
        boolean begun = record.meaning() == UsageRecord.Meaning.SESSION_BEGUN;
        return new JsonObject()
                .put("meaning", (begun ? UsageRecord.Meaning.SESSION_CUMULATIVE : record.meaning()).name())
                .put("begun", begun)
                .put("session", record.session())
                .put("counterBits", begun ? 64 : record.counterBits())
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

    static UsageRecord record(String source, String key, JsonObject json, Instant receivedAt) {
        return new UsageRecord(
                source,
                key,
                Boolean.TRUE.equals(json.getBoolean("begun"))
                        ? UsageRecord.Meaning.SESSION_BEGUN
                        : UsageRecord.Meaning.valueOf(json.getString("meaning")),
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
