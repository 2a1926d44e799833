package dev.octroi.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Quotes until they expire. All methods run within the caller's tenant transaction. */
public final class QuoteStore {
    private static final int MAX_EXPIRED_AT_ONCE = 100;

    /** Adds a quote, and removes some that have expired: the table stays as small as what is open. */
    public Future<Void> insert(SqlConnection connection, int tenantId, Quote quote, Instant now) {
        return removeExpired(connection, tenantId, now)
                .compose(removed -> connection
                        .preparedQuery("""
                        INSERT INTO quote (tenant_id, id, plan_id, plan_version, quantity, amount, currency, expires_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                        """)
                        .execute(Tuple.from(new Object[] {
                            tenantId,
                            quote.id(),
                            quote.planId(),
                            quote.planVersion(),
                            quote.quantity(),
                            quote.total().amount(),
                            quote.total().currency(),
                            quote.expiresAt().atOffset(ZoneOffset.UTC)
                        }))
                        .mapEmpty());
    }

    /** A quote, expired or not. */
    public Future<Optional<Quote>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        SELECT id, plan_id, plan_version, quantity, amount, currency, expires_at FROM quote
                        WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(tenantId, id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(quote(rows.iterator().next())));
    }

    private static Future<Void> removeExpired(SqlConnection connection, int tenantId, Instant now) {
        return connection
                .preparedQuery("""
                        DELETE FROM quote WHERE tenant_id = $1 AND id IN (
                            SELECT id FROM quote WHERE tenant_id = $1 AND expires_at < $2 LIMIT $3 FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(tenantId, now.atOffset(ZoneOffset.UTC), MAX_EXPIRED_AT_ONCE))
                .mapEmpty();
    }

    private static Quote quote(Row row) {
        return new Quote(
                row.getLong("id"),
                row.getLong("plan_id"),
                row.getInteger("plan_version"),
                row.getInteger("quantity"),
                new Money(row.getBigDecimal("amount"), row.getString("currency")),
                row.getOffsetDateTime("expires_at").toInstant());
    }
}
