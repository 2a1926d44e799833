package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements of a reset; worker role, because sessions and packages are out of a tenant's sight. */
final class ResetStore {
    /**
     * What is written.
     *
     * @param matchingId sealed, or null
     * @param matchingIndex keyed hash of it, or null
     * @param confirmation sealed, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Terms(
            byte @Nullable [] matchingId,
            byte @Nullable [] matchingIndex,
            byte @Nullable [] confirmation,
            @Nullable Instant expiresAt) {}

    /**
     * A profile of the built-in SM-DP+, kept from changing until the transaction ends; downloads in progress wait and then
     * find it changed.
     */
    Future<Optional<ProfileRow>> lock(SqlConnection connection, int tenantId, long id) {
        return connection
                .preparedQuery("""
                        SELECT * FROM profile
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND driver = 'built-in'
                        FOR NO KEY UPDATE
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(ProfileColumns.read(rows.iterator().next())));
    }

    /** Writes the new life of a profile that is locked. */
    Future<Void> write(SqlConnection connection, ProfileRow locked, ProfileStatus next, Terms terms, Instant now) {
        ProfileStatus.CardReference card = next.card();
        Tuple columns = Tuple.of(locked.tenantId(), Ids.shardOf(locked.id()), locked.id())
                .addString(next.state().text())
                .addBuffer(card == null ? null : Buffer.buffer(card.sealed()))
                .addBuffer(card == null ? null : Buffer.buffer(card.indexBytes()))
                .addBoolean(card != null)
                .addBuffer(ProfileColumns.buffer(terms.matchingId()))
                .addBuffer(ProfileColumns.buffer(terms.matchingIndex()))
                .addBuffer(ProfileColumns.buffer(terms.confirmation()))
                .addOffsetDateTime(ProfileColumns.time(terms.expiresAt()))
                .addInteger(next.life().no())
                .addInteger(next.progressNo())
                .addOffsetDateTime(ProfileColumns.time(now))
                .addLong(next.lastSequence());
        return connection.preparedQuery("""
                        UPDATE profile SET state = $4, card_state = 'none', error_cause = NULL, error_detail = NULL,
                            eid_sealed = $5, eid_idx = $6, eid_reserved = $7, matching_sealed = $8, matching_idx = $9,
                            confirmation_sealed = $10, expires_at = $11, downloads = 0, confirmations = 0,
                            bound_key = NULL, bound_transaction = NULL, card_curve = NULL, card_key = NULL,
                            life = $12, failed_installs = 0, progress_no = $13, updated_at = $14,
                            last_sequence = $15, version = version + 1
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """).execute(columns).mapEmpty();
    }
}
