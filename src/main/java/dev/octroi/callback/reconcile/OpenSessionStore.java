package dev.octroi.callback.reconcile;

import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Charging sessions of accounts whose policy the network has not confirmed. */
final class OpenSessionStore {
    /** A session that could be ended, and the version of the policy that it should have. */
    record OpenSession(int tenantId, long accountId, long version, long partnerId, long number) {}

    /** The sessions of accounts that are open and can be told. */
    Future<List<OpenSession>> open(SqlConnection connection, List<Drift> drifts) {
        return connection
                .preparedQuery("""
                        SELECT s.tenant_id, s.account_id, d.version, s.partner_id, s.number
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[])
                             AS d (vshard, tenant_id, account_id, version)
                        JOIN charging_session s USING (vshard, tenant_id, account_id)
                        WHERE s.open AND s.notify_to IS NOT NULL
                        ORDER BY s.number LIMIT 10000
                        """)
                .execute(Tuple.of(
                        ArrayColumns.column(drifts, Drift::vshard, Short[]::new),
                        ArrayColumns.column(drifts, Drift::tenantId, Integer[]::new),
                        ArrayColumns.column(drifts, Drift::accountId, Long[]::new),
                        ArrayColumns.column(drifts, Drift::desiredVersion, Long[]::new)))
                .map(rows -> {
                    List<OpenSession> sessions = new ArrayList<>();
                    for (Row row : rows) {
                        sessions.add(new OpenSession(
                                row.getInteger("tenant_id"),
                                row.getLong("account_id"),
                                row.getLong("version"),
                                row.getLong("partner_id"),
                                row.getLong("number")));
                    }
                    return sessions;
                });
    }
}
