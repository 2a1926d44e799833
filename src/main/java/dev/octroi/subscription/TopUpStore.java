package dev.octroi.subscription;

import dev.octroi.catalog.Money;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Top-ups. All methods run within the caller's tenant transaction. */
public final class TopUpStore {

    /** Adds a top-up that the account has not taken yet; nothing happens when it is there already. */
    public Future<Void> insert(SqlConnection connection, int tenantId, TopUp topUp) {
        Money price = topUp.price();
        return connection
                .preparedQuery("""
                        INSERT INTO top_up (tenant_id, vshard, id, subscription_id, bytes, amount, currency,
                            external_reference, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                        ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId,
                    Ids.shardOf(topUp.id()),
                    topUp.id(),
                    topUp.subscriptionId(),
                    topUp.bytes(),
                    price == null ? null : price.amount(),
                    price == null ? null : price.currency(),
                    topUp.externalReference(),
                    topUp.createdAt().atOffset(ZoneOffset.UTC)
                }))
                .mapEmpty();
    }

    /** Notes that the account has taken it. */
    public Future<Void> applied(SqlConnection connection, int tenantId, long id, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE top_up SET applied_at = $4 WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                            AND applied_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }
}
