package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Table {@code idempotency_key}. */
final class IdempotencyStore {

    /** A kept answer, still sealed. */
    record Kept(byte[] fingerprint, int status, byte[] response) {}

    /** Whether this transaction is now the only one that works on the key, on any gateway. */
    Future<Boolean> tryLock(SqlConnection connection, IdempotencyKey key) {
        return connection
                .preparedQuery("""
                        SELECT pg_try_advisory_xact_lock($1) AS locked
                        """)
                .execute(Tuple.of(key.lock()))
                .map(rows -> rows.iterator().next().getBoolean("locked"));
    }

    Future<Optional<Kept>> find(SqlConnection connection, IdempotencyKey key, Instant now) {
        return connection
                .preparedQuery("""
                        SELECT fingerprint, status, response FROM idempotency_key
                        WHERE tenant_id = $1 AND scope_hash = $2 AND expires_at > $3
                        """)
                .execute(Tuple.of(key.tenantId(), Buffer.buffer(key.scopeHash()), now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(new Kept(
                            row.getBuffer("fingerprint").getBytes(),
                            row.getShort("status"),
                            row.getBuffer("response").getBytes()));
                });
    }

    Future<Void> keep(
            SqlConnection connection, IdempotencyKey key, int status, byte[] response, Instant now, Instant expires) {
        return connection
                .preparedQuery("""
                        INSERT INTO idempotency_key
                            (tenant_id, scope_hash, fingerprint, status, response, created_at, expires_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        ON CONFLICT (tenant_id, scope_hash) DO UPDATE
                        SET fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status,
                            response = EXCLUDED.response, created_at = EXCLUDED.created_at,
                            expires_at = EXCLUDED.expires_at
                        """)
                .execute(Tuple.of(
                        key.tenantId(),
                        Buffer.buffer(key.scopeHash()),
                        Buffer.buffer(key.fingerprint()),
                        (short) status,
                        Buffer.buffer(response),
                        now.atOffset(ZoneOffset.UTC),
                        expires.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Notes that a request was begun; false when that was noted before and has not expired. */
    Future<Boolean> begin(SqlConnection connection, IdempotencyKey key, Instant now, Instant expires) {
        return connection
                .preparedQuery("""
                        INSERT INTO idempotency_begun AS b (tenant_id, scope_hash, expires_at) VALUES ($1, $2, $4)
                        ON CONFLICT (tenant_id, scope_hash) DO UPDATE SET expires_at = excluded.expires_at
                        WHERE b.expires_at <= $3
                        """)
                .execute(Tuple.of(
                        key.tenantId(),
                        Buffer.buffer(key.scopeHash()),
                        now.atOffset(ZoneOffset.UTC),
                        expires.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Forgets that a request was begun. */
    Future<Void> forgetBegun(SqlConnection connection, IdempotencyKey key) {
        return connection
                .preparedQuery("DELETE FROM idempotency_begun WHERE tenant_id = $1 AND scope_hash = $2")
                .execute(Tuple.of(key.tenantId(), Buffer.buffer(key.scopeHash())))
                .mapEmpty();
    }

    /** Forgets begun requests of all tenants that expired, at most so many. */
    Future<Integer> purgeBegun(SqlConnection connection, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM idempotency_begun WHERE (tenant_id, scope_hash) IN (
                            SELECT tenant_id, scope_hash FROM idempotency_begun
                            WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }

    Future<Void> savepoint(SqlConnection connection) {
        return connection.query("SAVEPOINT idempotent_effect").execute().mapEmpty();
    }

    /** Fails when an earlier statement of the transaction has failed. */
    Future<Void> probe(SqlConnection connection) {
        return connection.query("SELECT 1").execute().mapEmpty();
    }

    Future<Void> undo(SqlConnection connection) {
        return connection
                .query("ROLLBACK TO SAVEPOINT idempotent_effect")
                .execute()
                .mapEmpty();
    }

    /** Removes expired answers of all tenants, at most so many; how many it were. */
    Future<Integer> purge(SqlConnection connection, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM idempotency_key WHERE (tenant_id, scope_hash) IN (
                            SELECT tenant_id, scope_hash FROM idempotency_key
                            WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
