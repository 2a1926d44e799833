package dev.octroi.notice;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Travellers' addresses in the database. */
final class ChannelStore {
    private static final String COLUMNS =
            "subscription_id, number, address_sealed, state, language, muted, max_per_day";

    /** A channel as it is stored. */
    record Stored(
            long subscriptionId,
            long number,
            byte[] sealed,
            ChannelState state,
            String language,
            List<String> muted,
            int maxPerDay) {}

    /** The channel of a subscription, kept from changing until the transaction ends. */
    Future<Optional<Stored>> hold(SqlConnection connection, int tenantId, long subscriptionId) {
        return find(connection, tenantId, subscriptionId, " FOR UPDATE");
    }

    /** The channel of a subscription. */
    Future<Optional<Stored>> find(SqlClient client, int tenantId, long subscriptionId) {
        return find(client, tenantId, subscriptionId, "");
    }

    private static Future<Optional<Stored>> find(SqlClient client, int tenantId, long subscriptionId, String lock) {
        return client.preparedQuery("SELECT " + COLUMNS
                        + " FROM notice_channel WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3" + lock)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(stored(rows.iterator().next())));
    }

    /** Puts another address in the place of what was there; it has yet to be confirmed. */
    Future<Void> replace(
            SqlConnection connection,
            int tenantId,
            long subscriptionId,
            long number,
            byte[] sealed,
            ChannelWish wish,
            Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO notice_channel (tenant_id, vshard, subscription_id, number, address_sealed, state, language,
                            muted, max_per_day, set_at)
                        VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9)
                        ON CONFLICT (tenant_id, vshard, subscription_id) DO UPDATE SET number = excluded.number,
                            address_sealed = excluded.address_sealed, state = 'pending', language = excluded.language,
                            muted = excluded.muted, max_per_day = excluded.max_per_day, set_at = excluded.set_at,
                            confirmed_at = NULL
                        """)
                .execute(Tuple.tuple()
                        .addInteger(tenantId)
                        .addShort(Ids.shardOf(subscriptionId))
                        .addLong(subscriptionId)
                        .addLong(number)
                        .addBuffer(Buffer.buffer(sealed))
                        .addString(wish.language())
                        .addArrayOfString(wish.muted())
                        .addShort((short) wish.maxPerDay())
                        .addOffsetDateTime(at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Changes what is told; nothing where there is no channel. */
    Future<Void> choose(SqlConnection connection, int tenantId, long subscriptionId, ChannelWish wish) {
        return connection
                .preparedQuery("""
                        UPDATE notice_channel SET language = $4, muted = $5, max_per_day = $6
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.tuple()
                        .addInteger(tenantId)
                        .addShort(Ids.shardOf(subscriptionId))
                        .addLong(subscriptionId)
                        .addString(wish.language())
                        .addArrayOfString(wish.muted())
                        .addShort((short) wish.maxPerDay()))
                .mapEmpty();
    }

    /** Removes the channel of a subscription; whether there was one. */
    Future<Boolean> remove(SqlConnection connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery(
                        "DELETE FROM notice_channel WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3")
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Removes a channel by its number; what it was. */
    Future<Optional<Stored>> removeNumber(SqlConnection connection, int tenantId, long number) {
        return connection
                .preparedQuery("DELETE FROM notice_channel WHERE tenant_id = $1 AND vshard = $2 AND number = $3"
                        + " RETURNING " + COLUMNS)
                .execute(Tuple.of(tenantId, Ids.shardOf(number), number))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(stored(rows.iterator().next())));
    }

    /**
     * An address is confirmed, or was already; the subscription that it is of, empty where it is no longer, or waits since before a
     * moment and is about to be forgotten.
     */
    Future<Optional<Long>> confirm(SqlConnection connection, int tenantId, long number, Instant at, Instant setAfter) {
        return connection
                .preparedQuery("""
                        UPDATE notice_channel SET state = 'confirmed', confirmed_at = coalesce(confirmed_at, $4)
                        WHERE tenant_id = $1 AND vshard = $2 AND number = $3
                            AND (state = 'confirmed' OR (state = 'pending' AND set_at > $5::timestamptz))
                        RETURNING subscription_id
                        """)
                .execute(Tuple.of(
                        tenantId,
                        Ids.shardOf(number),
                        number,
                        at.atOffset(ZoneOffset.UTC),
                        setAfter.atOffset(ZoneOffset.UTC)))
                .map(ChannelStore::subscription);
    }

    /** Whether there is a channel of a number. */
    Future<Boolean> exists(SqlClient client, int tenantId, long number) {
        return client.preparedQuery("SELECT 1 FROM notice_channel WHERE tenant_id = $1 AND vshard = $2 AND number = $3")
                .execute(Tuple.of(tenantId, Ids.shardOf(number), number))
                .map(rows -> rows.size() > 0);
    }

    /** The recipient's server refuses an address for good. */
    Future<Void> fail(SqlClient client, int tenantId, long number) {
        return client.preparedQuery("""
                        UPDATE notice_channel SET state = 'failed' WHERE tenant_id = $1 AND vshard = $2 AND number = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(number), number))
                .mapEmpty();
    }

    /**
     * Forgets addresses that nobody confirmed, those of sales that were taken back, and those of plans that ended; at most so many, how
     * many it were.
     *
     * @param connection a connection of the worker role
     * @param setBefore unconfirmed ones of before
     * @param endedBefore those whose plan ended before
     */
    Future<Integer> purge(SqlConnection connection, Instant setBefore, Instant endedBefore, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM notice_channel WHERE (tenant_id, vshard, subscription_id) IN (
                            SELECT c.tenant_id, c.vshard, c.subscription_id FROM notice_channel c
                            LEFT JOIN account a ON a.vshard = c.vshard AND a.tenant_id = c.tenant_id
                                AND a.subscription_id = c.subscription_id
                            LEFT JOIN subscription s ON s.tenant_id = c.tenant_id AND s.vshard = c.vshard
                                AND s.id = c.subscription_id
                            WHERE (c.state = 'pending' AND c.set_at < least($1::timestamptz, now()))
                               OR a.subscription_id IS NULL OR s.id IS NULL OR s.cancelled_at IS NOT NULL
                               OR (a.ended AND a.ends_at < least($2::timestamptz, now()))
                            LIMIT $3::int FOR UPDATE OF c SKIP LOCKED)
                        """)
                .execute(Tuple.of(setBefore.atOffset(ZoneOffset.UTC), endedBefore.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }

    private static Optional<Long> subscription(Iterable<Row> rows) {
        for (Row row : rows) {
            return Optional.of(row.getLong("subscription_id"));
        }
        return Optional.empty();
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.getLong("subscription_id"),
                row.getLong("number"),
                row.getBuffer("address_sealed").getBytes(),
                ChannelState.of(row.getString("state")),
                row.getString("language"),
                List.of(row.getArrayOfStrings("muted")),
                row.getShort("max_per_day"));
    }
}
