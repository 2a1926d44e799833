package dev.octroi.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Which plans are off sale. All methods run within the caller's tenant transaction. */
public final class PlanWithdrawalStore {
    /** Takes a plan off sale; false when it was before. */
    public Future<Boolean> withdraw(SqlConnection connection, int tenantId, long planId, Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO plan_withdrawal (tenant_id, plan_id, withdrawn_at) VALUES ($1, $2, $3)
                        ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.of(tenantId, planId, at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Puts a plan on sale again. */
    public Future<Void> putBack(SqlConnection connection, int tenantId, long planId) {
        return connection.preparedQuery("""
                        DELETE FROM plan_withdrawal WHERE tenant_id = $1 AND plan_id = $2
                        """).execute(Tuple.of(tenantId, planId)).mapEmpty();
    }

    /** Since when a plan is off sale; empty: it is on sale. */
    public Future<Optional<Instant>> since(SqlConnection connection, int tenantId, long planId) {
        return connection
                .preparedQuery("""
                        SELECT withdrawn_at FROM plan_withdrawal WHERE tenant_id = $1 AND plan_id = $2
                        """)
                .execute(Tuple.of(tenantId, planId))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator()
                                .next()
                                .getOffsetDateTime("withdrawn_at")
                                .toInstant()));
    }
}
