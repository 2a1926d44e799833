package dev.octroi.usage;

import dev.octroi.quota.AccountKey;
import dev.octroi.quota.UsageRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
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
                .put("category", record.category().word());
    }
}
