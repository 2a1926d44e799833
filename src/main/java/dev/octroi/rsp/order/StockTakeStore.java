package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;

/** Sales from stock as sets: what is left is chosen, released and put into its timeline with one statement each. */
final class StockTakeStore {
    private final ProfileVault vault;

    StockTakeStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /**
     * Imported profiles in stock, the oldest first, locked for this transaction; passes over those that others are about to
     * take, and over those of a subscription whose order an operator took back. Asked as a value and not as NOT EXISTS, which
     * the planner turns into a join over all subscriptions.
     *
     * @param limit 1 to 20
     */
    Future<List<ProfileRow>> choose(SqlConnection connection, int tenantId, String profileType, int limit) {
        return connection
                .preparedQuery("""
                        SELECT p.* FROM profile p
                        WHERE p.tenant_id = $1 AND p.profile_type = $2 AND p.in_stock
                            AND p.driver = 'built-in' AND p.type_id <> 0
                            AND (SELECT s.id FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) IS NULL
                        ORDER BY p.id LIMIT $3 FOR UPDATE OF p SKIP LOCKED
                        """)
                .execute(Tuple.of(tenantId, profileType, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileColumns::read)
                        .toList());
    }

    /**
     * Releases profiles that are locked, each under a matching id of its own, and forgets every earlier order of them.
     *
     * @param tokens matching ids in clear, in the order of the profiles
     */
    Future<Void> release(
            SqlConnection connection, int tenantId, List<ProfileRow> chosen, List<String> tokens, Instant now) {
        Buffer[] sealed = new Buffer[chosen.size()];
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] =
                    Buffer.buffer(vault.sealMatchingId(tenantId, chosen.get(i).id(), tokens.get(i)));
        }
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        return connection
                .preparedQuery("""
                        UPDATE profile p SET state = 'released', card_state = 'none', error_cause = NULL,
                            error_detail = NULL, eid_sealed = NULL, eid_idx = NULL, eid_reserved = false,
                            matching_sealed = t.matching, matching_idx = t.matching_idx, confirmation_sealed = NULL,
                            downloads = 0, confirmations = 0, bound_key = NULL, bound_transaction = NULL,
                            card_curve = NULL, card_key = NULL, last_sequence = -1, progress_no = progress_no + 1,
                            updated_at = $6, life = life + 1, failed_installs = 0, version = version + 1,
                            order_no = order_no + 1, operator_id = 0
                        FROM unnest($2::smallint[], $3::bigint[], $4::bytea[], $5::bytea[])
                            AS t (vshard, id, matching, matching_idx)
                        WHERE p.tenant_id = $1 AND p.vshard = t.vshard AND p.id = t.id
                        """)
                .execute(Tuple.of(
                        tenantId,
                        ArrayColumns.column(chosen, row -> Ids.shardOf(row.id()), Short[]::new),
                        ArrayColumns.column(chosen, ProfileRow::id, Long[]::new),
                        sealed,
                        ArrayColumns.column(tokens, token -> Buffer.buffer(vault.matchingIndex(token)), Buffer[]::new),
                        at))
                .compose(done -> connection
                        .preparedQuery("""
                                INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok)
                                SELECT $1, t.vshard, t.id, t.no, $5, $6, true
                                FROM unnest($2::smallint[], $3::bigint[], $4::int[]) AS t (vshard, id, no)
                                """)
                        .execute(Tuple.of(
                                tenantId,
                                ArrayColumns.column(chosen, row -> Ids.shardOf(row.id()), Short[]::new),
                                ArrayColumns.column(chosen, ProfileRow::id, Long[]::new),
                                ArrayColumns.column(chosen, row -> row.status().progressNo() + 1, Integer[]::new),
                                at,
                                ProfileStep.RELEASED.text())))
                .mapEmpty();
    }
}
