package dev.octroi.access;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Travellers' links in the database. */
final class SelfCareLinkStore {
    /** A link that is good. */
    record Link(int tenantId, long id, long subscriptionId, Instant expiresAt) {}

    /** What is needed to give a link out again. */
    record Newest(long id, byte[] tokenHash) {}

    /** The newest link of a subscription that is good until later than a moment. */
    Future<Optional<Newest>> newest(SqlConnection connection, int tenantId, long subscriptionId, Instant goodUntil) {
        return connection
                .preparedQuery("""
                        SELECT id, token_hash FROM self_care_link
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND revoked_at IS NULL
                          AND expires_at > $4
                        ORDER BY expires_at DESC, id DESC LIMIT 1
                        """)
                .execute(Tuple.of(
                        tenantId, Ids.shardOf(subscriptionId), subscriptionId, goodUntil.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new Newest(
                                row.getLong("id"), row.getBuffer("token_hash").getBytes()));
                    }
                    return Optional.empty();
                });
    }

    /** Removes links that have ended, the longest ended first, at most so many; how many it were. */
    Future<Integer> purge(SqlConnection connection, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM self_care_link WHERE (tenant_id, vshard, id) IN (
                            SELECT tenant_id, vshard, id FROM self_care_link
                            WHERE least(expires_at, revoked_at) <= $1::timestamptz
                            ORDER BY least(expires_at, revoked_at) LIMIT $2::int FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }

    Future<Void> insert(
            SqlConnection connection,
            int tenantId,
            long id,
            long subscriptionId,
            byte[] tokenHash,
            Instant createdAt,
            Instant expiresAt) {
        return connection
                .preparedQuery("""
                        INSERT INTO self_care_link (tenant_id, vshard, id, subscription_id, token_hash, created_at, expires_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        """)
                .execute(Tuple.of(
                                tenantId,
                                Ids.shardOf(id),
                                id,
                                subscriptionId,
                                Buffer.buffer(tokenHash),
                                createdAt.atOffset(ZoneOffset.UTC))
                        .addValue(expiresAt.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    Future<Void> revoke(SqlConnection connection, int tenantId, long subscriptionId, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE self_care_link SET revoked_at = $4
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND revoked_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    Future<Optional<Link>> find(SqlClient client, byte[] tokenHash, Instant now) {
        return client.preparedQuery("""
                        SELECT tenant_id, id, subscription_id, expires_at FROM self_care_link
                        WHERE token_hash = $1 AND expires_at > $2 AND revoked_at IS NULL
                        """)
                .execute(Tuple.of(Buffer.buffer(tokenHash), now.atOffset(ZoneOffset.UTC)))
                .map(SelfCareLinkStore::first);
    }

    private static Optional<Link> first(RowSet<Row> rows) {
        for (Row row : rows) {
            return Optional.of(new Link(
                    row.getInteger("tenant_id"),
                    row.getLong("id"),
                    row.getLong("subscription_id"),
                    row.getOffsetDateTime("expires_at").toInstant()));
        }
        return Optional.empty();
    }
}
