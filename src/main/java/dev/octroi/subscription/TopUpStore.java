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

    /**
     * Adds a top-up that the account has taken.
     *
     * @param reference what the account knows it by
     * @param appliedAt when the account took it
     * @return false when a top-up of this reference is there already
     */
    public Future<Boolean> insert(
            SqlConnection connection, int tenantId, TopUp topUp, String reference, Instant appliedAt) {
        Money price = topUp.price();
        return connection
                .preparedQuery("""
                        INSERT INTO top_up (tenant_id, vshard, id, subscription_id, reference, bytes, amount, currency,
                            external_reference, created_at, applied_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        ON CONFLICT (tenant_id, vshard, reference) DO NOTHING
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId,
                    Ids.shardOf(topUp.id()),
                    topUp.id(),
                    topUp.subscriptionId(),
                    reference,
                    topUp.bytes(),
                    price == null ? null : price.amount(),
                    price == null ? null : price.currency(),
                    topUp.externalReference(),
                    topUp.createdAt().atOffset(ZoneOffset.UTC),
                    appliedAt.atOffset(ZoneOffset.UTC)
                }))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Whether the tenant has a top-up of this reference, of whichever subscription. */
    public Future<Boolean> isKnown(SqlConnection connection, int tenantId, String reference) {
        return connection
                .preparedQuery("SELECT 1 FROM top_up WHERE tenant_id = $1 AND reference = $2")
                .execute(Tuple.of(tenantId, reference))
                .map(rows -> rows.size() > 0);
    }
}
