package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.session.RspSession;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Download sessions; worker role only. They survive a restart between any two messages. */
final class SessionStore {
    private final ProfileVault vault;
    private final Duration lifetime;

    SessionStore(ProfileVault vault, Duration lifetime) {
        this.vault = requireNonNull(vault, "vault is null");
        this.lifetime = requireNonNull(lifetime, "lifetime is null");
    }

    /**
     * A stored session.
     *
     * @param state what the steps remember
     * @param tenantId whose profile it is about, null before one was found
     * @param profileId the profile, null before one was found
     * @param life the life in which the profile was found, null before that
     */
    record Stored(
            RspSession state,
            @Nullable Integer tenantId,
            @Nullable Long profileId,
            @Nullable Integer life) {

        /** Whether the profile still lives the life in which the session found it: a reset ends sessions. */
        boolean isOfTheLifeOf(ProfileRow profile) {
            return life == null || life == profile.status().life().no();
        }
    }

    Future<Void> insert(SqlClient client, RspSession session, Instant now) {
        return client.preparedQuery("""
                        INSERT INTO rsp_session (transaction_id, state_sealed, created_at, expires_at)
                        VALUES ($1, $2, $3, $4)
                        """)
                .execute(Tuple.of(
                        Buffer.buffer(session.transactionId().bytes()),
                        Buffer.buffer(seal(session)),
                        now.atOffset(ZoneOffset.UTC),
                        now.plus(lifetime).atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** A session that is not over at the moment. */
    Future<Optional<Stored>> find(SqlClient client, TransactionId transactionId, Instant now) {
        return client.preparedQuery("""
                        SELECT state_sealed, tenant_id, profile_id, life FROM rsp_session
                        WHERE transaction_id = $1 AND expires_at > $2
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

    /** The session goes on with an authenticated card; false when it ended or went on meanwhile. */
    Future<Boolean> authenticated(SqlConnection connection, RspSession session, ProfileRow profile) {
        return connection
                .preparedQuery("""
                        UPDATE rsp_session SET state_sealed = $2, tenant_id = $3, profile_id = $4, life = $5
                        WHERE transaction_id = $1 AND profile_id IS NULL
                        """)
                .execute(Tuple.of(
                        Buffer.buffer(session.transactionId().bytes()),
                        Buffer.buffer(seal(session)),
                        profile.tenantId(),
                        profile.id(),
                        profile.status().life().no()))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<Void> end(SqlClient client, TransactionId transactionId) {
        return client.preparedQuery("""
                        DELETE FROM rsp_session WHERE transaction_id = $1
                        """)
                .execute(Tuple.of(Buffer.buffer(transactionId.bytes())))
                .mapEmpty();
    }

    /** Removes at most 10,000 sessions whose time is over; gives their number. */
    Future<Integer> sweep(SqlClient client, Instant now) {
        return client.preparedQuery("""
                        DELETE FROM rsp_session WHERE transaction_id IN (
                            SELECT transaction_id FROM rsp_session WHERE expires_at <= $1
                            ORDER BY expires_at LIMIT 10000)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    private byte[] seal(RspSession session) {
        return vault.sealSession(session.transactionId().hex(), session.encode());
    }

    private Stored read(TransactionId transactionId, Row row) {
        byte[] state = vault.openSession(
                transactionId.hex(), row.getBuffer("state_sealed").getBytes());
        try {
            return new Stored(
                    RspSession.decode(state),
                    row.getInteger("tenant_id"),
                    row.getLong("profile_id"),
                    row.getInteger("life"));
        } catch (MalformedTlvException e) {
            throw new IllegalStateException("a stored session cannot be read", e);
        }
    }
}
