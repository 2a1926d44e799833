package dev.octroi.subscription;

import dev.octroi.catalog.Label;
import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Subscriptions. All methods run within the caller's transaction. */
public final class SubscriptionStore {
    private static final String SUBSCRIPTION = """
            SELECT s.id, s.order_id, s.plan_id, s.plan_version, p.name, p.label_hash, s.profile_id,
                s.account_id, s.time_zone, s.language, s.created_at, s.cancelled_at,
                s.erased_at
            FROM subscription s
            JOIN plan p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id AND p.version = s.plan_version
            """;
    private static final String ONE = SUBSCRIPTION + """
            WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.id = $3
            """;

    /** Adds subscriptions of one order. */
    public Future<Void> insert(SqlConnection connection, int tenantId, List<Subscription> subscriptions) {
        List<Tuple> batch = new ArrayList<>(subscriptions.size());
        for (Subscription each : subscriptions) {
            batch.add(Tuple.from(new Object[] {
                tenantId,
                Ids.shardOf(each.id()),
                each.id(),
                each.orderId(),
                each.planId(),
                each.planVersion(),
                each.profileId(),
                each.accountId(),
                each.timeZone(),
                each.language(),
                each.createdAt().atOffset(ZoneOffset.UTC)
            }));
        }
        return connection.preparedQuery("""
                        INSERT INTO subscription (tenant_id, vshard, id, order_id, plan_id, plan_version, profile_id,
                            account_id, time_zone, language, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        """).executeBatch(batch).mapEmpty();
    }

    /** Gives a subscription that is held another profile. */
    public Future<Void> replaceProfile(SqlConnection connection, int tenantId, long id, long profileId) {
        return connection
                .preparedQuery(
                        "UPDATE subscription SET profile_id = $4 WHERE tenant_id = $1 AND vshard = $2 AND id = $3")
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, profileId))
                .mapEmpty();
    }

    /** Marks a subscription that is held as taken back. */
    public Future<Void> cancel(SqlConnection connection, int tenantId, long id, Instant at) {
        return connection
                .preparedQuery(
                        "UPDATE subscription SET cancelled_at = $4 WHERE tenant_id = $1 AND vshard = $2 AND id = $3")
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id, at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** One subscription. */
    public Future<Optional<Subscription>> find(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery(ONE)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(SubscriptionStore::first);
    }

    /**
     * The same, kept from changing until the transaction ends: whoever replaces or withdraws its profile goes by the profile
     * that it has, and not by one that another is about to replace.
     *
     * @param connection a connection of the worker role
     */
    public Future<Optional<Subscription>> hold(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery(ONE + " FOR NO KEY UPDATE OF s")
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(SubscriptionStore::first);
    }

    /**
     * One subscription, kept from being cancelled until the transaction ends: for whoever joins a shared volume, so that a
     * cancellation comes before and is found, or after and finds the member.
     */
    public Future<Optional<Subscription>> findUncancellable(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery(ONE + " FOR SHARE OF s")
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(SubscriptionStore::first);
    }

    /** The subscription of a profile; one that was taken from stock is on another virtual shard than its subscription. */
    public Future<Optional<Subscription>> findByProfile(SqlClient client, int tenantId, long profileId) {
        return client.preparedQuery(SUBSCRIPTION + """
                        WHERE s.tenant_id = $1 AND s.profile_id = $2
                        """)
                .execute(Tuple.of(tenantId, profileId))
                .map(SubscriptionStore::first);
    }

    /**
     * A subscription and whose it is.
     *
     * @param tenantId the tenant
     * @param subscription the subscription
     */
    public record Owned(int tenantId, Subscription subscription) {}

    /**
     * The subscription whose SIM has an ICCID, or had it last, where the SIM was replaced.
     *
     * @param tenantId 0: of whatever tenant, for a connection of the worker role
     * @param iccidIndex {@code BlindIndex.network(ICCID, …)}
     */
    public Future<Optional<Owned>> findByIccid(SqlClient client, int tenantId, byte[] iccidIndex) {
        return client.preparedQuery("""
                        SELECT l.tenant_id, x.* FROM (
                          SELECT tenant_id, vshard, account_id, 'infinity'::timestamptz AS until_at
                          FROM account_link WHERE kind = 'ICCID' AND hash = $1
                          UNION ALL
                          SELECT tenant_id, vshard, account_id, until_at
                          FROM account_link_past WHERE kind = 'ICCID' AND hash = $1) l
                        JOIN account a ON a.vshard = l.vshard AND a.tenant_id = l.tenant_id AND a.id = l.account_id
                        CROSS JOIN LATERAL (%s
                          WHERE s.tenant_id = a.tenant_id AND s.vshard = a.vshard AND s.id = a.subscription_id) x
                        WHERE $2::int = 0 OR l.tenant_id = $2
                        ORDER BY l.until_at DESC LIMIT 1
                        """.formatted(SUBSCRIPTION))
                .execute(Tuple.of(Buffer.buffer(iccidIndex), tenantId))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Owned(row.getInteger("tenant_id"), subscription(row))));
    }

    /** Newest first, of those older than {@code beforeId}. */
    public Future<List<Subscription>> list(SqlConnection connection, int tenantId, long beforeId, int limit) {
        return connection
                .preparedQuery(SUBSCRIPTION + """
                        WHERE s.tenant_id = $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit))
                .map(rows -> ArrayColumns.list(rows, SubscriptionStore::subscription));
    }

    /** Those of one order, newest first, of those older than {@code beforeId}. */
    public Future<List<Subscription>> listOfOrder(
            SqlConnection connection, int tenantId, long orderId, long beforeId, int limit) {
        return connection
                .preparedQuery(SUBSCRIPTION + """
                        WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.order_id = $3 AND s.id < $4
                        ORDER BY s.id DESC LIMIT $5
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(orderId), orderId, beforeId, limit))
                .map(rows -> ArrayColumns.list(rows, SubscriptionStore::subscription));
    }

    private static Optional<Subscription> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(subscription(rows.iterator().next()));
    }

    private static Subscription subscription(Row row) {
        OffsetDateTime cancelledAt = row.getOffsetDateTime("cancelled_at");
        OffsetDateTime erasedAt = row.getOffsetDateTime("erased_at");
        return new Subscription(
                row.getLong("id"),
                row.getLong("order_id"),
                row.getLong("plan_id"),
                row.getInteger("plan_version"),
                row.getString("name"),
                Label.hashText(row.getBuffer("label_hash").getBytes()),
                row.getLong("profile_id"),
                row.getLong("account_id"),
                row.getString("time_zone"),
                row.getString("language"),
                row.getOffsetDateTime("created_at").toInstant(),
                cancelledAt == null ? null : cancelledAt.toInstant(),
                erasedAt == null ? null : erasedAt.toInstant());
    }
}
