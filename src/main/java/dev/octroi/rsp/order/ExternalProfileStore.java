package dev.octroi.rsp.order;

import dev.octroi.db.Ids;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
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

/** Profiles that another SM-DP+ made, without keys, and what it has told of them; worker role. */
final class ExternalProfileStore {
    private static final int NO_LIMIT = 1_000;
    static final int MAX_PURGED = 10_000;

    private final ProfileVault vault;

    ExternalProfileStore(ProfileVault vault) {
        this.vault = vault;
    }

    /**
     * Frees a number that another SM-DP+ gives anew, held by an order that failed or a profile that its card deleted: from
     * now on a hash that no number has stands there. The row keeps the number for people, sealed.
     */
    Future<Void> free(SqlConnection connection, Iccid iccid) {
        return connection
                .preparedQuery("""
                        UPDATE profile SET iccid_idx =
                            substr(sha256(iccid_idx || int4send(tenant_id) || int8send(id)), 1, 16)
                        WHERE iccid_idx = $1 AND driver <> 'built-in' AND state = 'unavailable'
                        """)
                .execute(Tuple.of(Buffer.buffer(vault.iccidIndex(iccid))))
                .mapEmpty();
    }

    /** Stores a profile in state ALLOCATED. */
    Future<Void> insert(
            SqlConnection connection, int tenantId, long id, ProfileRow.Names names, Iccid iccid, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO profile (tenant_id, vshard, id, driver, profile_type, provider_name, profile_name,
                            iccid_sealed, iccid_idx, operator_id, state, download_limit, confirmation_limit,
                            created_at, updated_at, progress_no)
                        VALUES ($1, $2, $3, 'es2', $4, $5, $6, $7, $8, $9, 'allocated', $10, $10, $11, $11, 1)
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id)
                        .addString(names.profileType())
                        .addString(names.providerName())
                        .addString(names.profileName())
                        .addBuffer(Buffer.buffer(vault.sealIccid(tenantId, id, iccid)))
                        .addBuffer(Buffer.buffer(vault.iccidIndex(iccid)))
                        .addLong(ExternalProfiles.ELSEWHERE)
                        .addInteger(NO_LIMIT)
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** The profile with a number, of any tenant. */
    Future<Optional<ProfileRow>> findByIccid(SqlClient client, Iccid iccid) {
        return client.preparedQuery("""
                        SELECT * FROM profile WHERE iccid_idx = $1 AND driver <> 'built-in'
                        """)
                .execute(Tuple.of(Buffer.buffer(vault.iccidIndex(iccid))))
                .map(ExternalProfileStore::first);
    }

    /** Whether a profile still has its number, or another order has got it. */
    Future<Boolean> hasNumber(SqlConnection connection, ProfileRow profile) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM profile WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND iccid_idx = $4
                        """)
                .execute(Tuple.of(
                        profile.tenantId(),
                        Ids.shardOf(profile.id()),
                        profile.id(),
                        Buffer.buffer(vault.iccidIndex(vault.iccid(profile)))))
                .map(rows -> rows.size() == 1);
    }

    /** Remembers the card, unless one is known; no part of the version. */
    Future<Void> meet(SqlConnection connection, ProfileRow profile, Eid eid) {
        ProfileStatus.CardReference card = vault.card(profile.tenantId(), profile.id(), eid, false);
        return connection
                .preparedQuery("""
                        UPDATE profile SET eid_sealed = $4, eid_idx = $5
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND eid_idx IS NULL
                        """)
                .execute(Tuple.of(
                        profile.tenantId(),
                        Ids.shardOf(profile.id()),
                        profile.id(),
                        Buffer.buffer(card.sealed()),
                        Buffer.buffer(card.indexBytes())))
                .mapEmpty();
    }

    /** Notes something that was told; false when it was told before. */
    Future<Boolean> first(SqlConnection connection, ProfileRow profile, String told, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO es2_progress (tenant_id, vshard, profile_id, digest, received_at)
                        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                        """)
                .execute(Tuple.of(
                        profile.tenantId(),
                        Ids.shardOf(profile.id()),
                        profile.id(),
                        Buffer.buffer(vault.callHash(told)),
                        now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Forgets what was told before a moment; gives the number, at most 10,000 at once. */
    Future<Integer> purge(SqlClient client, Instant before) {
        return client.preparedQuery("""
                        DELETE FROM es2_progress WHERE ctid IN (
                            SELECT ctid FROM es2_progress WHERE received_at < $1 LIMIT $2)
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), MAX_PURGED))
                .map(rows -> rows.rowCount());
    }

    /**
     * Whether something newer is known of the profile's state on the card; for reports without a card's number.
     *
     * @param ends whether the report is of a deletion, which a newer installation makes that of an earlier one
     */
    Future<Boolean> isLate(SqlConnection connection, ProfileRow profile, Instant at, boolean ends) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM rsp_progress WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                         AND ok AND ((step IN ('enabled', 'disabled') AND at > $4) OR (step = 'deleted' AND at >= $4)
                            OR ($5 AND step = 'installed' AND at > $4)) LIMIT 1
                        """)
                .execute(Tuple.of(
                        profile.tenantId(), Ids.shardOf(profile.id()), profile.id(), at.atOffset(ZoneOffset.UTC), ends))
                .map(rows -> rows.size() == 1);
    }

    private static Optional<ProfileRow> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(ProfileColumns.read(rows.iterator().next()));
    }
}
