package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Calls of ES2+ that were carried out, until their order is over or a week has passed; those that end an order, for a week. */
final class OperatorCallStore {
    private static final Duration KEPT = Duration.ofDays(7);
    static final int MAX_PURGED = 10_000;

    private final ProfileVault vault;

    OperatorCallStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /**
     * The profile that the same call with the same content worked on; else empty. Until the end of the transaction no
     * other transaction gets beyond this point with the same call.
     */
    Future<Optional<Long>> find(SqlConnection connection, OperatorCall call, String function) {
        byte[] index = index(call, function);
        return connection
                .preparedQuery("""
                        SELECT pg_advisory_xact_lock($1)
                        """)
                .execute(Tuple.of(ByteBuffer.wrap(index).getLong()))
                .compose(locked -> connection
                        .preparedQuery("""
                        SELECT profile_id FROM es2_call WHERE tenant_id = $1 AND call_idx = $2 AND content = $3
                        """)
                        .execute(Tuple.of(call.tenantId(), Buffer.buffer(index), Buffer.buffer(content(call)))))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong("profile_id")));
    }

    /**
     * Remembers that a call was carried out, in its transaction.
     *
     * @param outlives whether it is remembered beyond the order that it is about
     */
    Future<Void> remember(
            SqlConnection connection,
            OperatorCall call,
            String function,
            long profileId,
            boolean outlives,
            Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO es2_call (tenant_id, call_idx, content, profile_id, outlives, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        ON CONFLICT (tenant_id, call_idx) DO UPDATE
                        SET content = excluded.content, profile_id = excluded.profile_id,
                            outlives = excluded.outlives, created_at = excluded.created_at
                        """)
                .execute(Tuple.of(
                        call.tenantId(),
                        Buffer.buffer(index(call, function)),
                        Buffer.buffer(content(call)),
                        profileId,
                        outlives,
                        now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Forgets the calls about a profile's order: it is over, or another begins. */
    Future<Void> forget(SqlConnection connection, int tenantId, long profileId) {
        return connection
                .preparedQuery("""
                        DELETE FROM es2_call WHERE tenant_id = $1 AND profile_id = $2 AND NOT outlives
                        """)
                .execute(Tuple.of(tenantId, profileId))
                .mapEmpty();
    }

    /** Removes what is older than a week; gives the number, at most 10,000 at once. */
    Future<Integer> purge(SqlClient client, Instant now) {
        return client.preparedQuery("""
                        DELETE FROM es2_call WHERE ctid IN (
                            SELECT ctid FROM es2_call WHERE created_at < $1 LIMIT $2)
                        """)
                .execute(Tuple.of(now.minus(KEPT).atOffset(ZoneOffset.UTC), MAX_PURGED))
                .map(rows -> rows.rowCount());
    }

    private byte[] index(OperatorCall call, String function) {
        return vault.callHash(call.operatorId() + "|" + function + "|" + call.identifier());
    }

    private byte[] content(OperatorCall call) {
        return vault.callHash(call.content());
    }
}
