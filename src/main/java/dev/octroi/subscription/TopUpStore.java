package dev.octroi.subscription;

import dev.octroi.catalog.Money;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

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

    /**
     * Newest first, of those older than {@code beforeId}.
     *
     * @param subscriptionId empty: of all
     * @param externalReference the reseller's own number, which nothing keeps from being given twice; empty: of any
     */
    public Future<List<AppliedTopUp>> list(
            SqlConnection connection,
            int tenantId,
            Optional<Long> subscriptionId,
            String externalReference,
            long beforeId,
            int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, subscription_id, reference, bytes, amount, currency, external_reference, created_at,
                               applied_at
                        FROM top_up
                        WHERE tenant_id = $1 AND id < $2 AND ($3::bigint IS NULL OR subscription_id = $3)
                          AND ($4::text = '' OR external_reference = $4)
                        ORDER BY id DESC LIMIT $5
                        """)
                .execute(Tuple.of(tenantId, beforeId, subscriptionId.orElse(null), externalReference, limit))
                .map(rows -> ArrayColumns.list(rows, TopUpStore::applied));
    }

    private static AppliedTopUp applied(Row row) {
        BigDecimal amount = row.getBigDecimal("amount");
        return new AppliedTopUp(
                new TopUp(
                        row.getLong("id"),
                        row.getLong("subscription_id"),
                        row.getLong("bytes"),
                        amount == null ? null : new Money(amount, row.getString("currency")),
                        row.getString("external_reference"),
                        row.getOffsetDateTime("created_at").toInstant()),
                row.getString("reference"),
                row.getOffsetDateTime("applied_at").toInstant());
    }

    /** Whether the tenant has a top-up of this reference, of whichever subscription. */
    public Future<Boolean> isKnown(SqlConnection connection, int tenantId, String reference) {
        return connection
                .preparedQuery("SELECT 1 FROM top_up WHERE tenant_id = $1 AND reference = $2")
                .execute(Tuple.of(tenantId, reference))
                .map(rows -> rows.size() > 0);
    }
}
