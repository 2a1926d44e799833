package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.profile.Subscriber;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The table profile and the keys beside it. */
public final class ProfileStore {
    private static final int MAX_FOR_CARD = 8;

    static final String BY_MATCHING_IDS = """
            SELECT asked.n, p.*, listening.yes IS NOT NULL AS listened,
                known.transaction_id IS NOT NULL AS late, k.keys_sealed
            FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS asked (code, session, n)
            JOIN profile p ON p.matching_idx = asked.code AND p.driver = 'built-in'
            LEFT JOIN profile_key k ON k.tenant_id = p.tenant_id AND k.vshard = p.vshard
                AND k.profile_id = p.id
            LEFT JOIN rsp_session known ON known.transaction_id = asked.session
            LEFT JOIN LATERAL (SELECT true AS yes FROM subscription s
                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id LIMIT 1) listening ON true
            """;

    private final ProfileVault vault;

    /** A store that seals with the vault. */
    public ProfileStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /** The next number of the built-in SM-DP+, 1 to 9,999,999,999; never given twice, gaps are normal. */
    public Future<Long> nextNumber(SqlClient client) {
        return client.preparedQuery("""
                        SELECT nextval('profile_number') AS number
                        """)
                .execute()
                .map(rows -> rows.iterator().next().getLong("number"));
    }

    /** Stores a profile with its keys; needs the tenant's or the worker's connection. */
    public Future<ProfileRow> insert(SqlConnection connection, NewProfile profile) {
        int tenant = profile.tenantId();
        long id = profile.id();
        ProfileStatus.@Nullable CardReference card =
                profile.eid() == null ? null : vault.card(tenant, id, profile.eid(), true);
        String matchingId = profile.matchingId();
        byte @Nullable [] confirmation = profile.confirmationHash() == null
                ? null
                : vault.sealConfirmation(tenant, id, profile.confirmationHash());
        ProfileRow row = new ProfileRow(
                tenant,
                id,
                profile.names(),
                ProfileRow.Origin.MADE_HERE,
                new ProfileRow.Sealed(
                        vault.sealIccid(tenant, id, profile.iccid()),
                        vault.sealImsi(tenant, id, profile.imsi()),
                        matchingId == null ? null : vault.sealMatchingId(tenant, id, matchingId),
                        confirmation),
                profile.limits(),
                ProfileStatus.initial(profile.state(), card),
                0,
                profile.createdAt(),
                true);
        Tuple columns = Tuple.of(tenant, Ids.shardOf(id), id)
                .addString(row.names().profileType())
                .addString(row.names().providerName())
                .addString(row.names().profileName())
                .addBuffer(Buffer.buffer(row.sealed().iccid()))
                .addBuffer(Buffer.buffer(vault.iccidIndex(profile.iccid())))
                .addBuffer(ProfileColumns.buffer(row.sealed().imsi()))
                .addBuffer(Buffer.buffer(vault.imsiIndex(profile.imsi())))
                .addBuffer(ProfileColumns.buffer(row.sealed().matchingId()))
                .addBuffer(matchingId == null ? null : Buffer.buffer(vault.matchingIndex(matchingId)))
                .addBuffer(ProfileColumns.buffer(confirmation))
                .addLong(row.limits().operatorId())
                .addString(row.status().state().text())
                .addBuffer(card == null ? null : Buffer.buffer(card.sealed()))
                .addBuffer(card == null ? null : Buffer.buffer(card.indexBytes()))
                .addBoolean(card != null)
                .addInteger(row.limits().downloads())
                .addInteger(row.limits().confirmations())
                .addOffsetDateTime(ProfileColumns.time(row.limits().expiresAt()))
                .addOffsetDateTime(ProfileColumns.time(profile.createdAt()));
        return connection
                .preparedQuery("""
                        INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name,
                            iccid_sealed, iccid_idx, imsi_sealed, imsi_idx, matching_sealed, matching_idx,
                            confirmation_sealed, operator_id, state, eid_sealed, eid_idx, eid_reserved,
                            download_limit, confirmation_limit, expires_at, created_at, updated_at, progress_no)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                            $19, $20, $21, $22, $22, 1)
                        """)
                .execute(columns)
                .compose(done -> insertKeys(connection, profile))
                .map(row);
    }

    private Future<Void> insertKeys(SqlConnection connection, NewProfile profile) {
        byte[] sealed = vault.sealKeys(
                profile.tenantId(),
                profile.id(),
                new SubscriberKeys(profile.k(), profile.opc(), new Subscriber.Codes.Derived()));
        return connection
                .preparedQuery("""
                        INSERT INTO profile_key (tenant_id, vshard, profile_id, keys_sealed)
                        VALUES ($1, $2, $3, $4)
                        """)
                .execute(Tuple.of(profile.tenantId(), Ids.shardOf(profile.id()), profile.id(), Buffer.buffer(sealed)))
                .mapEmpty();
    }

    /** One profile of a tenant. */
    public Future<Optional<ProfileRow>> find(SqlClient client, int tenantId, long id) {
        return client.preparedQuery("""
                        SELECT p.*, EXISTS (SELECT FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) AS listened
                        FROM profile p WHERE p.tenant_id = $1 AND p.vshard = $2 AND p.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(ProfileStore::first);
    }

    /**
     * A profile for a card that has just proved itself.
     *
     * @param sealedKeys K and OPc of the profile, or null when it has none here
     * @param isLate whether the session went on or ended meanwhile
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Candidate(ProfileRow profile, byte @Nullable [] sealedKeys, boolean isLate) {}

    /** A session that names a profile by its activation code. */
    record Naming(String matchingId, TransactionId session) {}

    /** The profiles that activation codes name, in their order; worker role, any tenant. */
    Future<List<Optional<Candidate>>> findByMatchingIds(SqlClient client, List<Naming> namings) {
        Buffer[] codes = namings.stream()
                .map(naming -> Buffer.buffer(vault.matchingIndex(naming.matchingId())))
                .toArray(Buffer[]::new);
        Buffer[] sessions = namings.stream()
                .map(naming -> Buffer.buffer(naming.session().bytes()))
                .toArray(Buffer[]::new);
        return client.preparedQuery(BY_MATCHING_IDS)
                .execute(Tuple.tuple().addArrayOfBuffer(codes).addArrayOfBuffer(sessions))
                .map(rows -> {
                    List<Optional<Candidate>> found =
                            new ArrayList<>(Collections.nCopies(codes.length, Optional.empty()));
                    for (Row row : rows) {
                        found.set((int) (row.getLong("n") - 1), Optional.of(candidate(row)));
                    }
                    return found;
                });
    }

    /**
     * The profiles that wait for a card, some at most: those without a matching id first, the oldest first; behind them any
     * that the card reserved or fetched, which only shows that the card is known. Worker role, any tenant.
     */
    Future<List<Candidate>> findForCard(SqlClient client, Eid eid, TransactionId session) {
        return client.preparedQuery("""
                        SELECT p.*, EXISTS (SELECT FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) AS listened,
                            EXISTS (SELECT FROM rsp_session WHERE transaction_id = $2) AS late, k.keys_sealed
                        FROM profile p
                        LEFT JOIN profile_key k ON k.tenant_id = p.tenant_id AND k.vshard = p.vshard
                            AND k.profile_id = p.id
                        WHERE p.eid_idx = $1 AND p.driver = 'built-in'
                        ORDER BY (p.state = 'released' AND p.eid_reserved) DESC,
                                 (p.state = 'downloaded' AND p.eid_reserved) DESC,
                                 (p.matching_idx IS NULL) DESC, p.created_at, p.id
                        LIMIT $3
                        """)
                .execute(Tuple.of(Buffer.buffer(vault.eidHash(eid)), Buffer.buffer(session.bytes()), MAX_FOR_CARD))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ProfileStore::candidate)
                        .toList());
    }

    /** The profile with a number; worker role, any tenant. */
    public Future<Optional<ProfileRow>> findByIccid(SqlClient client, Iccid iccid) {
        return client.preparedQuery("""
                        SELECT p.*, EXISTS (SELECT FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) AS listened
                        FROM profile p WHERE p.iccid_idx = $1 AND p.driver = 'built-in'
                        """)
                .execute(Tuple.of(Buffer.buffer(vault.iccidIndex(iccid))))
                .map(ProfileStore::first);
    }

    /** The profile whose last package was made in a session; worker role, any tenant. */
    Future<Optional<ProfileRow>> findByTransaction(SqlClient client, TransactionId transactionId) {
        return client.preparedQuery("""
                        SELECT p.*, EXISTS (SELECT FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) AS listened
                        FROM profile p WHERE p.bound_transaction = $1
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes())))
                .map(ProfileStore::first);
    }

    /** The sealed K and OPc; worker role only. */
    Future<Optional<byte[]>> findKeys(SqlClient client, ProfileRow row) {
        return client.preparedQuery("""
                        SELECT keys_sealed FROM profile_key WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                        """)
                .execute(Tuple.of(row.tenantId(), Ids.shardOf(row.id()), row.id()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(
                                rows.iterator().next().getBuffer("keys_sealed").getBytes()));
    }

    /**
     * A profile in stock, the operator's own or nobody's in particular, locked for this transaction; passes over those
     * that others are about to take, and over those of a subscription.
     */
    Future<Optional<ProfileRow>> takeAvailable(
            SqlConnection connection, int tenantId, long operatorId, String profileType) {
        return connection
                .preparedQuery("""
                        SELECT p.* FROM profile p
                        WHERE p.tenant_id = $1 AND p.profile_type = $2 AND p.in_stock
                            AND p.driver = 'built-in' AND p.operator_id IN (0, $3)
                            AND (SELECT s.id FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) IS NULL
                        ORDER BY p.id LIMIT 1 FOR UPDATE OF p SKIP LOCKED
                        """)
                .execute(Tuple.of(tenantId, profileType, operatorId))
                .map(ProfileStore::first);
    }

    /**
     * Writes the terms of an order over the version that was read and forgets every earlier download.
     *
     * @return false when another writer was faster
     */
    Future<Boolean> order(SqlConnection connection, ProfileRow read, OrderTerms terms, Instant now) {
        int tenant = read.tenantId();
        long id = read.id();
        ProfileStatus.CardReference card = terms.card();
        String matchingId = terms.matchingId();
        byte @Nullable [] code = terms.confirmationHash();
        Tuple columns = Tuple.of(tenant, Ids.shardOf(id), id, read.version())
                .addString(terms.state().text())
                .addBuffer(card == null ? null : Buffer.buffer(card.sealed()))
                .addBuffer(card == null ? null : Buffer.buffer(card.indexBytes()))
                .addBoolean(card != null)
                .addBuffer(matchingId == null ? null : Buffer.buffer(vault.sealMatchingId(tenant, id, matchingId)))
                .addBuffer(matchingId == null ? null : Buffer.buffer(vault.matchingIndex(matchingId)))
                .addBuffer(code == null ? null : Buffer.buffer(vault.sealConfirmation(tenant, id, code)))
                .addLong(terms.operatorId())
                .addInteger(read.status().progressNo() + 1)
                .addOffsetDateTime(ProfileColumns.time(now));
        return connection.preparedQuery("""
                        UPDATE profile SET state = $5, card_state = 'none', error_cause = NULL, error_detail = NULL,
                            eid_sealed = $6, eid_idx = $7, eid_reserved = $8, matching_sealed = $9,
                            matching_idx = $10, confirmation_sealed = $11, operator_id = $12, downloads = 0,
                            confirmations = 0, bound_key = NULL, bound_transaction = NULL, card_curve = NULL,
                            card_key = NULL, last_sequence = -1, progress_no = $13, updated_at = $14, life = life + 1,
                            failed_installs = 0, version = version + 1,
                            order_no = order_no + CASE WHEN state = 'available' THEN 1 ELSE 0 END
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND version = $4
                        """).execute(columns).map(rows -> rows.rowCount() == 1);
    }

    private static Candidate candidate(Row row) {
        return new Candidate(
                ProfileColumns.read(row), ProfileColumns.bytes(row, "keys_sealed"), row.getBoolean("late"));
    }

    private static Optional<ProfileRow> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(ProfileColumns.read(rows.iterator().next()));
    }
}
