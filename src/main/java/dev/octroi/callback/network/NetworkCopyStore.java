package dev.octroi.callback.network;

import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what networks were last known to have. A number below zero is that of a request to an API that was replaced since: its
 * events do not count until the API of now knows the request.
 */
public final class NetworkCopyStore {

    Future<Optional<NetworkCopy>> find(SqlClient client, int tenantId, long subscriptionId) {
        return client.preparedQuery("""
                        SELECT * FROM network_copy WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(NetworkCopyStore::first);
    }

    /** The same, so that nobody else changes it before the transaction ends. */
    Future<Optional<NetworkCopy>> lock(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT * FROM network_copy WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                        FOR UPDATE
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(NetworkCopyStore::first);
    }

    /**
     * Writes a copy over the one before, whatever that said; of {@code elsewhere} the one before is kept. Where the policy is told again under
     * another number meanwhile, its SIM or its network is another one: what this attempt knows is past, and nothing is written.
     *
     * @param told what is being told
     * @return whether it was written
     */
    Future<Boolean> put(SqlClient client, ClaimedRow told, NetworkCopy copy) {
        Tuple values = key(copy.tenantId(), copy.subscriptionId());
        values.addValue(copy.partnerId());
        values.addValue(copy.version());
        values.addValue(copy.policy());
        values.addValue(word(copy.state()));
        values.addValue(copy.number());
        values.addValue(copy.assignmentId());
        values.addValue(copy.qosProfile());
        values.addValue(told.id());
        values.addValue(told.endpointId());
        return client.preparedQuery("""
                        WITH told AS (
                          SELECT FROM outbox o
                          WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.id = $11 AND o.endpoint_id = $12 AND o.state = 'pending'
                          FOR KEY SHARE
                        )
                        INSERT INTO network_copy AS c (tenant_id, vshard, subscription_id, partner_id, version, policy, state,
                                                       number, assignment_id, qos_profile, read_after)
                        SELECT $1::int, $2::smallint, $3::bigint, $4::bigint, $5::bigint, $6::jsonb, $7::text, $8::bigint,
                               $9::text, $10::text, 'infinity'
                        FROM told
                        ON CONFLICT (tenant_id, vshard, subscription_id) DO UPDATE
                        SET partner_id = excluded.partner_id, version = excluded.version, policy = excluded.policy,
                            state = excluded.state, number = excluded.number, assignment_id = excluded.assignment_id,
                            qos_profile = excluded.qos_profile, read_after = excluded.read_after, reads = 0
                        """).execute(values).map(rows -> rows.rowCount() > 0);
    }

    /**
     * What the network said of a request. That it is still being worked on changes nothing where an event has told more
     * meanwhile; another request than the last one is past. Of one that it speaks of, the events count (again).
     */
    Future<Void> said(
            SqlClient client,
            NetworkCopy copy,
            NetworkCopy.State state,
            @Nullable String assignmentId,
            @Nullable Instant readAfter) {
        Tuple values = key(copy.tenantId(), copy.subscriptionId());
        values.addValue(copy.number());
        values.addValue(word(state));
        values.addValue(assignmentId);
        values.addValue(readAfter == null ? null : readAfter.atOffset(ZoneOffset.UTC));
        values.addValue(copy.version());
        return client.preparedQuery("""
                        UPDATE network_copy
                        SET state = CASE WHEN $5 = 'requested' AND state IN ('available', 'unavailable') THEN state
                                         ELSE $5 END,
                            number = abs(number), assignment_id = coalesce($6, assignment_id), version = greatest(version, $8),
                            read_after = coalesce($7::timestamptz, 'infinity'), reads = 0
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND number = $4
                        """).execute(values).mapEmpty();
    }

    /** Notes whether another connector holds the policy; the row is made where there is none. */
    Future<Void> elsewhere(SqlClient client, ClaimedRow row, long partnerId, boolean elsewhere) {
        Tuple values = key(row.tenantId(), row.key());
        values.addValue(partnerId);
        values.addValue(row.version());
        values.addValue(row.payload());
        values.addValue(elsewhere);
        return client.preparedQuery("""
                        INSERT INTO network_copy AS c (tenant_id, vshard, subscription_id, partner_id, version, policy, state,
                                                       elsewhere)
                        VALUES ($1, $2, $3, $4, $5, $6, 'none', $7)
                        ON CONFLICT (tenant_id, vshard, subscription_id) DO UPDATE SET elsewhere = excluded.elsewhere
                        """).execute(values).mapEmpty();
    }

    /** Networks that keep policies as they were told: what was confirmed is read again from {@code readAfter} on. */
    public Future<Void> confirmed(SqlClient client, List<ClaimedRow> rows, Instant readAfter) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple values = Tuple.of(
                ArrayColumns.column(rows, ClaimedRow::tenantId, Integer[]::new),
                ArrayColumns.column(rows, ClaimedRow::vshard, Short[]::new),
                ArrayColumns.column(rows, ClaimedRow::key, Long[]::new),
                ArrayColumns.column(
                        rows, row -> row.partner() == null ? 0L : row.partner().id(), Long[]::new),
                ArrayColumns.column(rows, ClaimedRow::version, Long[]::new),
                ArrayColumns.column(rows, ClaimedRow::payload, JsonObject[]::new));
        values.addValue(readAfter.atOffset(ZoneOffset.UTC));
        return client.preparedQuery("""
                        INSERT INTO network_copy AS c (tenant_id, vshard, subscription_id, partner_id, version, policy, state,
                                                       read_after)
                        SELECT r.tenant_id, r.vshard, r.subscription_id, r.partner_id, r.version, r.policy, 'available',
                               $7::timestamptz
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::jsonb[])
                             AS r (tenant_id, vshard, subscription_id, partner_id, version, policy)
                        ON CONFLICT (tenant_id, vshard, subscription_id) DO UPDATE
                        SET partner_id = excluded.partner_id, version = excluded.version, policy = excluded.policy,
                            state = 'available', read_after = excluded.read_after, reads = 0
                        WHERE c.version <= excluded.version
                        """).execute(values).mapEmpty();
    }

    private static Tuple key(int tenantId, long subscriptionId) {
        return Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId);
    }

    private static Optional<NetworkCopy> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(copy(rows.iterator().next()));
    }

    static NetworkCopy copy(Row row) {
        return new NetworkCopy(
                row.getInteger("tenant_id"),
                row.getLong("subscription_id"),
                row.getLong("partner_id"),
                row.getLong("version"),
                row.getJsonObject("policy"),
                NetworkCopy.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getLong("number"),
                row.getString("assignment_id"),
                row.getString("qos_profile"),
                row.getBoolean("elsewhere"));
    }

    private static String word(NetworkCopy.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
