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

    /** How long a link {@code l} is good for the sake of its plan; null where there is none. */
    private static final String GOOD_UNTIL = """
            (SELECT max(CASE WHEN a.ends_at IS NULL THEN l.created_at + interval '400 days'
                             ELSE a.ends_at + interval '14 days' END)
             FROM account a
             WHERE a.vshard = l.vshard AND a.tenant_id = l.tenant_id AND a.subscription_id = l.subscription_id)""";

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

    /**
     * Looks at links whose life is over, the longest over first, at most so many: those of plans that have not ended, see
     * {@link #find}, live on, the others are removed. How many it were.
     *
     * @param until how long those that live on do at most; none longer than its plan has it
     */
    Future<Integer> purge(SqlConnection connection, Instant now, Instant until, int limit) {
        return connection
                .preparedQuery("""
                        WITH over AS (
                          SELECT l.tenant_id, l.vshard, l.id, CASE WHEN l.revoked_at IS NULL THEN %s END AS good_until
                          FROM self_care_link l
                          WHERE least(l.expires_at, l.revoked_at) <= $1::timestamptz
                          ORDER BY least(l.expires_at, l.revoked_at) LIMIT $3::int FOR UPDATE OF l SKIP LOCKED
                        ), prolonged AS (
                          UPDATE self_care_link l SET expires_at = least($2::timestamptz, o.good_until) FROM over o
                          WHERE o.good_until > $1::timestamptz AND l.tenant_id = o.tenant_id AND l.vshard = o.vshard AND l.id = o.id
                        ), removed AS (
                          DELETE FROM self_care_link l USING over o
                          WHERE coalesce(o.good_until <= $1::timestamptz, true) AND l.tenant_id = o.tenant_id AND l.vshard = o.vshard AND l.id = o.id
                        )
                        SELECT count(*)::int FROM over
                        """.formatted(GOOD_UNTIL))
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), until.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.iterator().next().getInteger(0));
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

    /**
     * A link that is not revoked, for its life, and beyond it until 14 days after the end of the plan; 400 days where the plan has
     * not begun.
     */
    Future<Optional<Link>> find(SqlClient client, byte[] tokenHash, Instant now) {
        return client.preparedQuery("""
                        SELECT l.tenant_id, l.id, l.subscription_id, l.expires_at FROM self_care_link l
                        WHERE l.token_hash = $1 AND l.revoked_at IS NULL
                          AND (l.expires_at > $2::timestamptz OR %s > $2::timestamptz)
                        """.formatted(GOOD_UNTIL))
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
