package dev.octroi.subscription;

import dev.octroi.catalog.Label;
import dev.octroi.catalog.Money;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Orders. All methods run within the caller's tenant transaction. */
public final class OrderStore {
    private static final String ORDER = """
            SELECT o.id, o.status, o.plan_id, o.plan_version, p.label_hash, o.quantity, o.amount, o.currency,
                o.external_reference, o.created_at,
                array(SELECT s.id FROM subscription s
                    WHERE s.tenant_id = o.tenant_id AND s.vshard = o.vshard AND s.order_id = o.id
                    ORDER BY s.id) AS subscriptions,
                array(SELECT s.cancelled_at FROM subscription s
                    WHERE s.tenant_id = o.tenant_id AND s.vshard = o.vshard AND s.order_id = o.id
                    ORDER BY s.id) AS cancelled
            FROM purchase o
            JOIN plan p ON p.tenant_id = o.tenant_id AND p.id = o.plan_id AND p.version = o.plan_version
            """;

    /** Adds an order. */
    public Future<Void> insert(SqlConnection connection, int tenantId, Order order) {
        return connection
                .preparedQuery("""
                        INSERT INTO purchase (tenant_id, vshard, id, status, plan_id, plan_version, quantity, amount,
                            currency, external_reference, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        """)
                .execute(Tuple.from(new Object[] {
                    tenantId,
                    Ids.shardOf(order.id()),
                    order.id(),
                    order.status().name().toLowerCase(Locale.ROOT),
                    order.planId(),
                    order.planVersion(),
                    order.quantity(),
                    order.total().amount(),
                    order.total().currency(),
                    order.externalReference(),
                    order.createdAt().atOffset(ZoneOffset.UTC)
                }))
                .mapEmpty();
    }

    /** An order with its subscriptions. */
    public Future<Optional<Order>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery(ORDER + """
                        WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(order(rows.iterator().next())));
    }

    /** Orders older than {@code beforeId}, newest first. */
    public Future<List<Order>> list(SqlConnection connection, int tenantId, long beforeId, int limit) {
        return connection
                .preparedQuery(ORDER + """
                        WHERE o.tenant_id = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit))
                .map(rows -> ArrayColumns.list(rows, OrderStore::order));
    }

    /** Those with a reseller's own number, older than {@code beforeId}, newest first: nothing keeps it from being given twice. */
    public Future<List<Order>> listOfReference(
            SqlConnection connection, int tenantId, String externalReference, long beforeId, int limit) {
        return connection
                .preparedQuery(ORDER + """
                        WHERE o.tenant_id = $1 AND o.external_reference = $2 AND o.id < $3
                        ORDER BY o.id DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, externalReference, beforeId, limit))
                .map(rows -> ArrayColumns.list(rows, OrderStore::order));
    }

    /**
     * Says anew how an order with profiles from elsewhere stands, in the worker transaction that settled one of them. The
     * lock on the order comes first, so that the last of two that end together counts both.
     */
    public Future<Void> settle(SqlConnection connection, int tenantId, long id) {
        Tuple key = Tuple.of(tenantId, Ids.shardOf(id), id);
        return connection
                .preparedQuery("""
                        SELECT 1 FROM purchase WHERE tenant_id = $1 AND vshard = $2 AND id = $3 FOR UPDATE
                        """)
                .execute(key)
                .compose(locked -> connection.preparedQuery("""
                        UPDATE purchase o SET status = CASE
                            WHEN n.open > 0 THEN 'pending' WHEN n.failed = 0 THEN 'completed'
                            WHEN n.ready = 0 THEN 'failed' ELSE 'partial' END
                        FROM (SELECT count(*) FILTER (WHERE p.state IN ('wanted', 'reserved')) AS open,
                                     count(*) FILTER (WHERE p.state = 'ready') AS ready,
                                     count(*) FILTER (WHERE p.state = 'failed') AS failed
                              FROM subscription s
                              JOIN profile_order p ON p.tenant_id = s.tenant_id AND p.vshard = s.vshard
                               AND p.profile_id = s.profile_id
                              WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.order_id = $3) n
                        WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.id = $3
                        """).execute(key))
                .mapEmpty();
    }

    private static Order order(Row row) {
        return new Order(
                row.getLong("id"),
                Order.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getLong("plan_id"),
                row.getInteger("plan_version"),
                Label.hashText(row.getBuffer("label_hash").getBytes()),
                row.getInteger("quantity"),
                new Money(row.getBigDecimal("amount"), row.getString("currency")),
                row.getString("external_reference"),
                parts(row.getArrayOfLongs("subscriptions"), row.getArrayOfOffsetDateTimes("cancelled")),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static List<Order.Part> parts(Long[] ids, @Nullable OffsetDateTime[] cancelled) {
        List<Order.Part> parts = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            OffsetDateTime at = cancelled[i];
            parts.add(new Order.Part(ids[i], at == null ? null : at.toInstant()));
        }
        return parts;
    }
}
