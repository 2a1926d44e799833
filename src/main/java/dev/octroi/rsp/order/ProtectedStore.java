package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.bound.ProtectedProfile;
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
import java.util.stream.StreamSupport;

/**
 * Profiles that were protected ahead of their download; worker role only. The keys are sealed; the segments are encrypted
 * with them.
 */
final class ProtectedStore {
    private final ProfileVault vault;

    ProtectedStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /** An effect of a step: what was protected for a download that is over. */
    static final String OVER = """
            DELETE FROM rsp_protected p USING step
            WHERE p.tenant_id = step.tenant_id AND p.vshard = step.vshard AND p.profile_id = step.id
            """;

    /** What was protected for the profile's order of now. */
    Future<Optional<ProtectedProfile>> find(SqlClient client, ProfileRow row) {
        return client.preparedQuery("""
                        SELECT keys_sealed, segments FROM rsp_protected
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND order_no = $4
                        """)
                .execute(Tuple.of(
                        row.tenantId(),
                        Ids.shardOf(row.id()),
                        row.id(),
                        row.origin().orderNo()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(open(row, rows.iterator().next())));
    }

    private ProtectedProfile open(ProfileRow profile, Row row) {
        byte[] keys = row.getBuffer("keys_sealed").getBytes();
        return new ProtectedProfile(
                vault.openProtection(profile, keys), row.getBuffer("segments").getBytes());
    }

    /** Keeps what was protected for the profile's order of now, in place of what was kept for an earlier one. */
    Future<Void> put(SqlConnection connection, ProfileRow row, ProtectedProfile made, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO rsp_protected (tenant_id, vshard, profile_id, order_no, keys_sealed, segments,
                            protected_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        ON CONFLICT (tenant_id, vshard, profile_id)
                        DO UPDATE SET order_no = excluded.order_no, keys_sealed = excluded.keys_sealed,
                            segments = excluded.segments, protected_at = excluded.protected_at
                        WHERE rsp_protected.order_no <> excluded.order_no
                        """)
                .execute(Tuple.of(
                        row.tenantId(),
                        Ids.shardOf(row.id()),
                        row.id(),
                        row.origin().orderNo(),
                        Buffer.buffer(vault.sealProtection(row, made.keys())),
                        Buffer.buffer(made.segments()),
                        now.atOffset(ZoneOffset.UTC)))
                .compose(done -> mark(connection, row));
    }

    /** Notes that the profile's order of now has been looked at. */
    Future<Void> mark(SqlConnection connection, ProfileRow row) {
        return connection
                .preparedQuery("""
                        UPDATE profile SET protected_no = $4
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(
                        row.tenantId(),
                        Ids.shardOf(row.id()),
                        row.id(),
                        row.origin().orderNo()))
                .mapEmpty();
    }

    /** Released profiles that wait for their protection, locked; passes over those that another gateway works on. */
    Future<List<ProfileRow>> waiting(SqlConnection connection, int limit) {
        return connection
                .preparedQuery("""
                        SELECT * FROM profile
                        WHERE to_protect
                        ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
                        """)
                .execute(Tuple.of(limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileColumns::read)
                        .toList());
    }
}
