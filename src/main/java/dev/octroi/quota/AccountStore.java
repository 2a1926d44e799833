package dev.octroi.quota;

import dev.octroi.policy.Restriction;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Joining;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.NextMoment;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens accounts, and finds them by what the network calls them. */
public final class AccountStore {
    private final AccountLoadStore loads = new AccountLoadStore();

    /**
     * Opens an account inside the caller's transaction, for instance the order's. A plan that starts with the order has
     * begun afterwards.
     *
     * @param connection a connection of the account's tenant, or of the worker role
     */
    public Future<Void> open(SqlConnection connection, NewAccount account) {
        AccountState state = Decider.opened(account);
        Future<Void> written = insert(connection, state);
        Instant due = NextMoment.of(state);
        return due == null ? written : written.compose(done -> insertTimer(connection, account.key(), due));
    }

    private static Future<Void> insert(SqlConnection connection, AccountState state) {
        AccountKey key = state.key();
        Future<?> written = connection.preparedQuery("""
                        INSERT INTO account (vshard, tenant_id, id, subscription_id, opened_at, starts_at, ends_at,
                                             time_zone, terms, level, reason, restriction_id, until_kind, until_at,
                                             policy_version, renewed_at, shared_account_id)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                        """).execute(openedRow(state));
        written = written.compose(
                done -> connection.preparedQuery("""
                        INSERT INTO account_hot (vshard, tenant_id, account_id) VALUES ($1, $2, $3)
                        """).execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId())));
        written = written.compose(done -> insertBuckets(connection, key, state.buckets()));
        written = written.compose(done -> connection
                .preparedQuery("""
                        INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        """)
                .execute(Tuple.of(
                        key.vshard(),
                        key.tenantId(),
                        key.accountId(),
                        state.subscriptionId(),
                        state.policy().version(),
                        TimeRows.write(state.openedAt()))));
        for (Restriction restriction : state.restrictions()) {
            written = written.compose(done -> insertRestriction(connection, key, restriction));
        }
        return written.mapEmpty();
    }

    /**
     * Opens the account of a subscription that spends another account's volume, inside the caller's transaction. Its terms are
     * the owner's as sold. From the commit on it draws; the owner's account takes note of it with the first command of either.
     *
     * @param key the new account, on the owner's virtual shard
     * @return empty when it was opened, else why not
     */
    public Future<Optional<Joining>> openMember(
            SqlConnection connection,
            AccountKey owner,
            AccountKey key,
            long subscriptionId,
            ZoneId timeZone,
            Instant at) {
        if (key.vshard() != owner.vshard() || key.tenantId() != owner.tenantId()) {
            throw new IllegalArgumentException("accounts that share a volume are on one virtual shard");
        }
        return loads.load(connection, List.of(owner), true).compose(found -> {
            AccountState state = found.get(owner);
            Optional<Joining> refusal = Joining.refusal(state, 1);
            if (state == null || refusal.isPresent()) {
                return Future.succeededFuture(refusal);
            }
            NewAccount account = new NewAccount(key, subscriptionId, state.terms(), timeZone, at);
            return insert(connection, AccountState.member(account, owner.accountId()))
                    .compose(done -> insertTimer(connection, key, at))
                    .compose(done -> addMember(connection, owner, key))
                    .map(done -> Optional.empty());
        });
    }

    /**
     * Whether so many subscriptions may spend an account's volume too; the account is locked until the transaction ends.
     *
     * @return empty when they may
     */
    public Future<Optional<Joining>> mayJoin(SqlConnection connection, AccountKey owner, int quantity) {
        return loads.load(connection, List.of(owner), true).map(found -> Joining.refusal(found.get(owner), quantity));
    }

    private static Future<Void> addMember(SqlConnection connection, AccountKey owner, AccountKey member) {
        return outdate(connection, owner)
                .compose(done -> connection
                        .preparedQuery("""
                                UPDATE account SET members = array_append(members, $4)
                                WHERE vshard = $1 AND tenant_id = $2 AND id = $3
                                """)
                        .execute(Tuple.of(owner.vshard(), owner.tenantId(), owner.accountId(), member.accountId())))
                .mapEmpty();
    }

    /** Locks the account, and lets whoever knows it as it was read it again. */
    static Future<Void> outdate(SqlConnection connection, AccountKey key) {
        return connection
                .preparedQuery("""
                        UPDATE account_hot SET version = version + 1
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId()))
                .mapEmpty();
    }

    /**
     * Cuts off the charging sessions of a SIM that is lost. From the commit on they count what was used and are granted nothing;
     * what they were promised is given back and their consumers are told to end them with the account's next command, for which
     * it falls due now.
     *
     * @param connection a connection of the worker role
     */
    public Future<Void> barSessions(SqlConnection connection, AccountKey key, Instant now) {
        return bar(connection, key, null, now);
    }

    /**
     * The same for one session, which was opened while the SIM was replaced.
     *
     * @param connection a connection of the worker role
     */
    public Future<Void> barSession(SqlConnection connection, AccountKey key, long number, Instant now) {
        return bar(connection, key, number, now);
    }

    /**
     * Whether the account drew from a shared volume and has left it, which is for good.
     *
     * @param connection a connection of the worker role
     */
    public Future<Boolean> hasLeft(SqlConnection connection, AccountKey key) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM account WHERE vshard = $1 AND tenant_id = $2 AND id = $3 AND left_at IS NOT NULL
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId()))
                .map(rows -> rows.size() > 0);
    }

    /**
     * Whether the volume that an account spends, its own or the one that it shares, was ever given something of this reference.
     *
     * @param connection a connection of the account's tenant, or of the worker role
     */
    public Future<Boolean> wasGiven(SqlConnection connection, AccountKey key, Bucket.Kind kind, String reference) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM account a
                        JOIN bucket b ON b.vshard = a.vshard AND b.tenant_id = a.tenant_id
                            AND b.account_id IN (a.id, a.shared_account_id)
                        WHERE a.vshard = $1 AND a.tenant_id = $2 AND a.id = $3 AND b.kind = $4 AND b.reference = $5
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), kind.name(), reference))
                .map(rows -> rows.size() > 0);
    }

    private static Future<Void> bar(SqlConnection connection, AccountKey key, @Nullable Long number, Instant now) {
        return outdate(connection, key)
                .compose(done -> connection
                        .preparedQuery("""
                                UPDATE charging_session SET bar = 'ordered'
                                WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND open AND bar = 'none'
                                  AND ($4::bigint IS NULL OR number = $4)
                                """)
                        .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), number)))
                .compose(barred ->
                        barred.rowCount() == 0 ? Future.succeededFuture() : insertTimer(connection, key, now));
    }

    private static Tuple openedRow(AccountState state) {
        return Tuple.of(
                        state.key().vshard(),
                        state.key().tenantId(),
                        state.key().accountId(),
                        state.subscriptionId(),
                        TimeRows.write(state.openedAt()),
                        TimeRows.write(state.startsAt()))
                .addValue(TimeRows.write(state.endsAt()))
                .addValue(state.timeZone().getId())
                .addValue(new JsonObject(state.terms().toJson()))
                .addValue(state.policy().level().name())
                .addValue(state.policy().reasonCode())
                .addValue(state.policy().restrictionId())
                .addValue(state.policy().until().word())
                .addValue(TimeRows.write(state.policy().until().moment()))
                .addValue(state.policy().version())
                .addValue(TimeRows.write(state.renewedAt()))
                .addValue(state.share() instanceof Share.Member member ? member.ownerId() : null);
    }

    private static Future<Void> insertBuckets(SqlConnection connection, AccountKey key, List<Bucket> buckets) {
        Columns<Bucket> columns = new Columns<>(buckets, bucket -> key)
                .ints(Bucket::id)
                .texts(bucket -> bucket.kind().name())
                .texts(Bucket::reference)
                .texts(Bucket::reason)
                .longs(Bucket::quotaBytes);
        return connection.preparedQuery("""
                        INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes)
                        SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::int[], $5::text[], $6::text[],
                                             $7::text[], $8::bigint[])
                        """).execute(columns.tuple()).mapEmpty();
    }

    private static Future<Void> insertRestriction(SqlConnection connection, AccountKey key, Restriction each) {
        return connection
                .preparedQuery("""
                        INSERT INTO restriction (vshard, tenant_id, account_id, id, class, reason, level,
                                                 from_at, until_kind, until_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                        """)
                .execute(Tuple.of(
                                key.vshard(),
                                key.tenantId(),
                                key.accountId(),
                                each.id(),
                                each.restrictionClass().name(),
                                each.reasonCode())
                        .addValue(each.level().name())
                        .addValue(TimeRows.write(each.from()))
                        .addValue(each.until().word())
                        .addValue(TimeRows.write(each.until().moment())))
                .mapEmpty();
    }

    private static Future<Void> insertTimer(SqlConnection connection, AccountKey key, Instant due) {
        return connection
                .preparedQuery("""
                        INSERT INTO account_timer AS t (vshard, tenant_id, account_id, due_at) VALUES ($1, $2, $3, $4)
                        ON CONFLICT (vshard, tenant_id, account_id) DO UPDATE
                        SET due_at = least(t.due_at, excluded.due_at)
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), TimeRows.write(due)))
                .mapEmpty();
    }
}
