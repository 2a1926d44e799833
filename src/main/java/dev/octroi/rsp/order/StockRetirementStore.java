package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes profiles out of stock for good, such as those of a faulty batch. What was ordered is left alone: it is somebody's.
 * A profile that an order is about to take is waited for, and stays when the order gets it.
 */
public final class StockRetirementStore {
    /** So many profiles go out of stock at once; the rest with the next call. */
    public static final int MAX_AT_ONCE = 10_000;

    /** Rows of one statement: well within its time also where the machine is busy. */
    private static final int STATEMENT_ROWS = 2_000;

    private final ProfileVault vault;

    /** A store that finds profiles by their numbers. */
    public StockRetirementStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /** Who takes them out, and why. */
    public record Order(int tenantId, String profileType, ProfileChange.Note note, Instant at) {}

    /**
     * Takes the oldest profiles of a type out of stock, at most {@value #MAX_AT_ONCE}; worker role.
     *
     * @return how many
     */
    public Future<Integer> retire(SqlConnection connection, Order order) {
        return retire(connection, order, 0);
    }

    private Future<Integer> retire(SqlConnection connection, Order order, int before) {
        return write(connection, order, null, STATEMENT_ROWS).compose(retired -> {
            int all = before + retired;
            return retired < STATEMENT_ROWS || all >= MAX_AT_ONCE
                    ? Future.succeededFuture(all)
                    : retire(connection, order, all);
        });
    }

    /**
     * Takes one profile out of stock; worker role.
     *
     * @return false when it is not in stock
     */
    public Future<Boolean> retire(SqlConnection connection, Order order, Iccid iccid) {
        return write(connection, order, Buffer.buffer(vault.iccidIndex(iccid)), 1)
                .map(retired -> retired == 1);
    }

    private Future<Integer> write(SqlConnection connection, Order order, @Nullable Buffer iccidIndex, int limit) {
        return connection
                .preparedQuery("""
                        WITH chosen AS (
                          SELECT vshard, id FROM profile
                          WHERE tenant_id = $1 AND profile_type = $2 AND in_stock AND driver = 'built-in'
                            AND type_id <> 0 AND ($3::bytea IS NULL OR iccid_idx = $3)
                          ORDER BY id LIMIT $4 FOR UPDATE),
                        changed AS (
                          UPDATE profile p SET state = 'unavailable', progress_no = p.progress_no + 1, updated_at = $5,
                            version = p.version + 1
                          FROM chosen c WHERE p.tenant_id = $1 AND p.vshard = c.vshard AND p.id = c.id
                          RETURNING p.vshard, p.id, p.progress_no),
                        told AS (
                          INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok, message, actor)
                          SELECT $1, vshard, id, progress_no, $5, $6, true, $7, $8 FROM changed)
                        SELECT count(*)::int AS retired FROM changed
                        """)
                .execute(Tuple.of(order.tenantId(), order.profileType())
                        .addBuffer(iccidIndex)
                        .addInteger(limit)
                        .addOffsetDateTime(order.at().atOffset(ZoneOffset.UTC))
                        .addString(ProfileStep.REVOKED.text())
                        .addString(order.note().reason())
                        .addString(order.note().actor()))
                .map(rows -> rows.iterator().next().getInteger("retired"));
    }

    /** The profile of a type with a number, wherever it is; empty when the tenant has none. */
    public Future<Optional<Long>> find(SqlConnection connection, int tenantId, String profileType, Iccid iccid) {
        return connection
                .preparedQuery("""
                        SELECT id FROM profile WHERE tenant_id = $1 AND profile_type = $2 AND iccid_idx = $3
                            AND driver = 'built-in' AND type_id <> 0
                        """)
                .execute(Tuple.of(tenantId, profileType, Buffer.buffer(vault.iccidIndex(iccid))))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong("id")));
    }

    /** How many profiles of a type are in stock. */
    public Future<Long> remaining(SqlConnection connection, int tenantId, String profileType) {
        return connection
                .preparedQuery("""
                        SELECT count(*) AS profiles FROM profile
                        WHERE tenant_id = $1 AND profile_type = $2 AND in_stock AND driver = 'built-in'
                            AND type_id <> 0
                        """)
                .execute(Tuple.of(tenantId, profileType))
                .map(rows -> rows.iterator().next().getLong("profiles"));
    }
}
