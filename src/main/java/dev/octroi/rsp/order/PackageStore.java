package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import dev.octroi.rsp.bound.BoundPackage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What is kept of the last bound package of each profile: what it takes to make it again, or the package itself; worker role
 * only. Sealed, because of the keys, and because a bound package is encrypted to the card only in part: its metadata, with
 * the profile's number, is merely authenticated (SGP.22 v2.5 §2.5.4).
 */
final class PackageStore {
    /** An effect of a step: a package that was installed, or never will be, is of no more use. */
    static final String OVER = """
            DELETE FROM rsp_package p USING step
            WHERE p.tenant_id = step.tenant_id AND p.vshard = step.vshard AND p.profile_id = step.id
            """;

    static final StepShape KEPT = new StepShape("", """
            INSERT INTO rsp_package (tenant_id, vshard, profile_id, package, bound_at)
            SELECT tenant_id, vshard, id, :1::bytea, :2::timestamptz FROM step
            ON CONFLICT (tenant_id, vshard, profile_id)
            DO UPDATE SET package = excluded.package, bound_at = excluded.bound_at
            """);

    private final ProfileVault vault;

    PackageStore(ProfileVault vault) {
        this.vault = vault;
    }

    /** What was kept, see {@link ProfilePackages#again}. */
    Future<Optional<byte[]>> find(SqlClient client, ProfileRow row) {
        return client.preparedQuery("""
                        SELECT package FROM rsp_package WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                        """)
                .execute(Tuple.of(row.tenantId(), Ids.shardOf(row.id()), row.id()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(vault.openPackage(
                                row, rows.iterator().next().getBuffer("package").getBytes())));
    }

    /** Keeps the package of a step. */
    StepStore.Also put(ProfileRow row, BoundPackage bound, Instant now) {
        return new StepStore.Also(
                KEPT, Tuple.of(Buffer.buffer(vault.sealPackage(row, bound.kept())), now.atOffset(ZoneOffset.UTC)));
    }

    /** A package that was installed is of no more use, nor is what was protected for it. */
    Future<Void> delete(SqlConnection connection, ProfileRow row) {
        return connection
                .preparedQuery("""
                        WITH ahead AS (
                            DELETE FROM rsp_protected WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3)
                        DELETE FROM rsp_package WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                        """)
                .execute(Tuple.of(row.tenantId(), Ids.shardOf(row.id()), row.id()))
                .mapEmpty();
    }
}
