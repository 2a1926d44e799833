package dev.octroi.support;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads cases for resellers. All methods run within the caller's tenant transaction. */
public final class CaseSummaryStore {

    /** Newest first, of those older than {@code beforeId}. */
    public Future<List<CaseSummary>> list(SqlConnection connection, int tenantId, long beforeId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT c.id, c.subscription_id, c.state, coalesce(a.kind, 'manual') AS kind, c.summary,
                            c.resolution, c.credit_bytes, c.opened_at, c.resolved_at
                        FROM support_case c
                        LEFT JOIN alarm a
                            ON a.tenant_id = c.tenant_id AND a.vshard = c.vshard AND a.id = c.alarm_id
                        WHERE c.tenant_id = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit))
                .map(rows -> {
                    List<CaseSummary> cases = new ArrayList<>(rows.size());
                    rows.forEach(row -> cases.add(summary(row)));
                    return cases;
                });
    }

    /** One case. */
    public Future<Optional<CaseSummary>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        SELECT c.id, c.subscription_id, c.state, coalesce(a.kind, 'manual') AS kind, c.summary,
                            c.resolution, c.credit_bytes, c.opened_at, c.resolved_at
                        FROM support_case c
                        LEFT JOIN alarm a
                            ON a.tenant_id = c.tenant_id AND a.vshard = c.vshard AND a.id = c.alarm_id
                        WHERE c.tenant_id = $1 AND c.vshard = $2 AND c.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(summary(rows.iterator().next())));
    }

    private static CaseSummary summary(Row row) {
        OffsetDateTime resolvedAt = row.getOffsetDateTime("resolved_at");
        return new CaseSummary(
                row.getLong("id"),
                row.getLong("subscription_id"),
                row.getString("state"),
                row.getString("kind"),
                row.getString("summary"),
                row.getString("resolution"),
                row.getLong("credit_bytes"),
                row.getOffsetDateTime("opened_at").toInstant(),
                resolvedAt == null ? null : resolvedAt.toInstant());
    }
}
