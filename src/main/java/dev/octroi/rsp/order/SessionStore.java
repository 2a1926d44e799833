package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.session.RspSession;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Download sessions from the moment their card has proved itself; worker role only. Before, all that a session needs is in
 * its name ({@link dev.octroi.rsp.session.InitiatedSessions}). So they survive a restart between any two messages. A row
 * without a profile says that the session is over.
 */
final class SessionStore {
    static final StepShape ADMITTED =
            new StepShape("EXISTS (SELECT FROM rsp_session WHERE transaction_id = :1::bytea)", """
            INSERT INTO rsp_session (transaction_id, tenant_id, profile_id, state_sealed, life, created_at, expires_at)
            SELECT :1::bytea, tenant_id, id, :2::bytea, :3::int, :4::timestamptz, :5::timestamptz FROM step
            """);

    /** A session ends once; what the same message would do again is not done. */
    static final StepShape OVER = new StepShape("""
            EXISTS (SELECT FROM rsp_session r WHERE r.transaction_id = :1::bytea AND r.profile_id IS NULL)""", """
            UPDATE rsp_session r SET tenant_id = NULL, profile_id = NULL, state_sealed = ''
            FROM step WHERE r.transaction_id = :1::bytea
            """);

    private final ProfileVault vault;
    private final Duration lifetime;

    SessionStore(ProfileVault vault, Duration lifetime) {
        this.vault = requireNonNull(vault, "vault is null");
        this.lifetime = requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * A session whose card has proved itself.
     *
     * @param profile that it is about, as it is now
     * @param sealedKeys K and OPc of the profile, or null when it has none here
     * @param life the life in which the profile was found
     * @param end when its time is over
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Stored(
            RspSession state,
            ProfileRow profile,
            byte @Nullable [] sealedKeys,
            @Nullable Integer life,
            Instant end) {

        /** The same session after a step of its profile. */
        Stored with(ProfileRow after) {
            return new Stored(state, after, sealedKeys, life, end);
        }

        /** Whether a package was made in this session. */
        boolean hasPackage() {
            ProfileStatus.BindingReference last = profile.status().binding();
            return last != null && last.transactionId().equals(state.transactionId());
        }

        /** Whether the profile still lives the life in which the session found it: a reset ends sessions. */
        boolean isOfTheLifeOf(ProfileRow now) {
            return life == null || life == now.status().life().no();
        }
    }

    /** A session that is not over at the moment, with its profile. */
    Future<Optional<Stored>> find(SqlClient client, TransactionId transactionId, Instant now) {
        return client.preparedQuery("""
                        SELECT p.*, k.keys_sealed, r.state_sealed AS session_sealed, r.life AS session_life,
                            r.expires_at AS session_end,
                            EXISTS (SELECT FROM subscription s
                                WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id) AS listened
                        FROM rsp_session r
                        JOIN profile p ON p.tenant_id = r.tenant_id AND p.id = r.profile_id
                        LEFT JOIN profile_key k ON k.tenant_id = p.tenant_id AND k.vshard = p.vshard
                            AND k.profile_id = p.id
                        WHERE r.transaction_id = $1 AND r.expires_at > $2
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes()), now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(read(transactionId, rows.iterator().next())));
    }

    /** A profile by its key. */
    record Named(int tenantId, long profileId) {}

    /** The profile that a session was about, also when its time is over but it was not swept yet. */
    Future<Optional<Named>> findProfile(SqlClient client, TransactionId transactionId) {
        return client.preparedQuery("""
                        SELECT tenant_id, profile_id FROM rsp_session
                        WHERE transaction_id = $1 AND profile_id IS NOT NULL
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes())))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(new Named(row.getInteger("tenant_id"), row.getLong("profile_id")));
                });
    }

    /** Keeps a session whose card has proved itself, in the step that admits it; once. */
    StepStore.Also admitted(RspSession session, ProfileRow profile, Instant now, Instant end) {
        return new StepStore.Also(
                ADMITTED,
                Tuple.of(
                        Buffer.buffer(session.transactionId().bytes()),
                        Buffer.buffer(vault.sealSession(session.transactionId().hex(), session.encode())),
                        profile.status().life().no(),
                        now.atOffset(ZoneOffset.UTC),
                        end.atOffset(ZoneOffset.UTC)));
    }

    /** Ends a session whose card has not proved itself; false when it went on or ended before. */
    Future<Boolean> refuse(SqlClient client, TransactionId transactionId, Instant now) {
        return client.preparedQuery("""
                        INSERT INTO rsp_session (transaction_id, state_sealed, created_at, expires_at)
                        VALUES ($1, '', $2, $3)
                        ON CONFLICT (transaction_id) DO NOTHING
                        """)
                .execute(Tuple.of(
                        Buffer.buffer(transactionId.bytes()),
                        now.atOffset(ZoneOffset.UTC),
                        now.plus(lifetime).atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Whether a session went on or ended after its first message. */
    Future<Boolean> isLate(SqlClient client, TransactionId transactionId) {
        return client.preparedQuery("""
                        SELECT FROM rsp_session WHERE transaction_id = $1
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes())))
                .map(rows -> rows.size() > 0);
    }

    /** Ends a session. Its name is kept, without anything else, until its time is over: it must not begin anew. */
    Future<Void> end(SqlClient client, TransactionId transactionId) {
        return client.preparedQuery("""
                        UPDATE rsp_session SET tenant_id = NULL, profile_id = NULL, state_sealed = ''
                        WHERE transaction_id = $1
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes())))
                .mapEmpty();
    }

    /** Ends a session with a step; when it is over already, the step fails with {@link StatusWriter.Closed}. */
    StepStore.Also ended(TransactionId transactionId) {
        return new StepStore.Also(OVER, Tuple.of(Buffer.buffer(transactionId.bytes())));
    }

    /**
     * Removes at most 10,000 sessions whose time is over; gives their number. By the database's clock as well: this one may be
     * wrong, and the sessions are those of all gateways.
     */
    Future<Integer> sweep(SqlClient client, Instant now) {
        return client.preparedQuery("""
                        DELETE FROM rsp_session WHERE transaction_id IN (
                            SELECT transaction_id FROM rsp_session WHERE expires_at <= least($1::timestamptz, now())
                            ORDER BY expires_at LIMIT 10000 FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    private Stored read(TransactionId transactionId, Row row) {
        byte[] state = vault.openSession(
                transactionId.hex(), row.getBuffer("session_sealed").getBytes());
        try {
            return new Stored(
                    RspSession.decode(state),
                    ProfileColumns.read(row),
                    ProfileColumns.bytes(row, "keys_sealed"),
                    row.getInteger("session_life"),
                    row.getOffsetDateTime("session_end").toInstant());
        } catch (MalformedTlvException e) {
            throw new IllegalStateException("a stored session cannot be read", e);
        }
    }
}
