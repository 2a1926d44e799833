package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.Sharing;
import dev.octroi.db.Database;
import dev.octroi.drain.NormalBand;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.LedgerPlace;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.account.UsageSplit;
import dev.octroi.quota.decide.Forecaster;
import dev.octroi.quota.decide.Views;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads accounts for pages and APIs, always as one tenant. */
public final class AccountReader {
    private static final Duration MAX_HOURS = Duration.ofDays(62);
    private static final Duration MAX_DAYS = Duration.ofDays(366);
    private static final int MAX_PAGE = 200;

    private final Database database;
    private final InstantSource clock;
    private final Function<Instant, Population> populations;
    private final Duration lateness;
    private final AccountLoadStore accounts = new AccountLoadStore();
    private final LedgerReadStore ledger = new LedgerReadStore();
    private final RestrictionLogStore restrictions = new RestrictionLogStore();
    private final AccountReadStore reads = new AccountReadStore();

    public AccountReader(Database database, InstantSource clock) {
        this(database, clock, at -> Population.shipped(), Views.LATENESS);
    }

    /**
     * @param populations gives the population in force at a moment
     * @param lateness how long after its end a record may come
     */
    public AccountReader(
            Database database, InstantSource clock, Function<Instant, Population> populations, Duration lateness) {
        this.lateness = requireNonNull(lateness, "lateness is null");
        this.populations = requireNonNull(populations, "populations is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** One account with forecast and delivery; empty when the tenant has no such account. */
    public Future<Optional<AccountView>> view(int tenantId, long accountId) {
        AccountKey key = new AccountKey(tenantId, accountId);
        return database.inTenant(tenantId, connection -> view(connection, key));
    }

    /** Who spends the same volume as an account; empty when the tenant has no such account, or it left. */
    public Future<Optional<MembersView>> members(int tenantId, long accountId) {
        AccountKey key = new AccountKey(tenantId, accountId);
        Instant now = clock.instant();
        return database.inTenant(
                tenantId,
                connection -> accounts.load(connection, List.of(key), false).compose(own -> {
                    AccountState state = own.get(key);
                    if (state == null || (state.share() instanceof Share.Member member && member.leftAt() != null)) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    AccountKey volume = state.volumeKey();
                    return accounts.load(connection, List.of(volume), false).compose(owners -> {
                        AccountState owner = owners.get(volume);
                        return owner == null
                                ? Future.succeededFuture(Optional.empty())
                                : accounts.load(connection, owner.sharers(), false)
                                        .map(all -> Optional.of(members(owner, all, now)));
                    });
                }));
    }

    private static MembersView members(AccountState owner, Map<AccountKey, AccountState> all, Instant now) {
        List<MemberView> members = new ArrayList<>();
        members.add(MemberView.of(owner, now));
        if (owner.share() instanceof Share.Owner share) {
            for (long id : share.members()) {
                AccountState member = all.get(new AccountKey(owner.key().tenantId(), id));
                if (member != null) {
                    members.add(MemberView.of(member, now));
                }
            }
        }
        long taken = owner.buckets().stream().mapToLong(Bucket::takenBytes).sum();
        long used = members.stream().mapToLong(MemberView::usedBytes).sum();
        Sharing sharing = owner.terms().sharing();
        return new MembersView(sharing == null ? 1 : sharing.maxMembers(), members, Math.max(0, taken - used));
    }

    /** The account of a subscription; empty when the tenant has none. */
    public Future<Optional<AccountView>> viewOfSubscription(int tenantId, long subscriptionId) {
        return database.inTenant(
                tenantId,
                connection -> reads.bySubscription(connection, tenantId, subscriptionId)
                        .compose(key -> key.isEmpty()
                                ? Future.succeededFuture(Optional.empty())
                                : view(connection, key.get())));
    }

    /** The key of a subscription's account; empty when the tenant has none. */
    public Future<Optional<AccountKey>> keyOfSubscription(int tenantId, long subscriptionId) {
        return database.inTenant(tenantId, connection -> reads.bySubscription(connection, tenantId, subscriptionId));
    }

    /**
     * Use by hour, oldest first, hours without use left out.
     *
     * @param from first moment
     * @param to first moment after; at most 62 days later, else the last 62 days before it are read
     */
    public Future<List<UsagePoint>> usageByHour(int tenantId, long accountId, Instant from, Instant to) {
        return usageByHour(tenantId, accountId, from, to, UsageSplit.ALL);
    }

    /**
     * The same, told apart as far as asked; at most {@link AccountReadStore#MAX_POINTS} and one: then there are more.
     */
    public Future<List<UsagePoint>> usageByHour(
            int tenantId, long accountId, Instant from, Instant to, UsageSplit split) {
        Instant start = latest(from, to.minus(MAX_HOURS));
        return database.inTenant(
                tenantId,
                connection -> reads.byHour(connection, new AccountKey(tenantId, accountId), start, to, split));
    }

    /** Use by day of the account's day zone, otherwise as {@link #usageByHour}; at most 366 days. */
    public Future<List<UsagePoint>> usageByDay(int tenantId, long accountId, Instant from, Instant to) {
        return usageByDay(tenantId, accountId, from, to, UsageSplit.ALL);
    }

    /** The same, told apart as far as asked. */
    public Future<List<UsagePoint>> usageByDay(
            int tenantId, long accountId, Instant from, Instant to, UsageSplit split) {
        AccountKey key = new AccountKey(tenantId, accountId);
        Instant start = latest(from, to.minus(MAX_DAYS));
        return database.inTenant(
                tenantId,
                connection -> accounts.load(connection, List.of(key), false).compose(found -> {
                    AccountState state = found.get(key);
                    return state == null
                            ? Future.succeededFuture(List.of())
                            : reads.byDay(
                                    connection,
                                    key,
                                    start,
                                    to,
                                    split,
                                    state.dayZone().getId());
                }));
    }

    /**
     * The ledger rows behind what was counted and charged, oldest day first.
     *
     * @param after only rows after this place
     * @param to last UTC day, included; at most 62 days after the place
     * @param charged true: only rows that cost something
     * @param limit 1 to 201
     */
    public Future<List<LedgerEntry>> ledger(
            int tenantId, long accountId, LedgerPlace after, LocalDate to, boolean charged, int limit) {
        AccountKey key = new AccountKey(tenantId, accountId);
        LocalDate last = after.day().plusDays(MAX_HOURS.toDays());
        return database.inTenant(
                tenantId,
                connection -> ledger.rows(
                        connection,
                        key,
                        after,
                        to.isBefore(last) ? to : last,
                        charged,
                        Math.clamp(limit, 1, MAX_PAGE + 1)));
    }

    /**
     * The last decisions before a moment, newest first.
     *
     * @param limit 1 to 200
     */
    public Future<List<DecisionView>> decisions(int tenantId, long accountId, Instant before, int limit) {
        return database.inTenant(
                tenantId,
                connection -> reads.decisions(
                        connection, new AccountKey(tenantId, accountId), before, Math.clamp(limit, 1, MAX_PAGE)));
    }

    /**
     * What held at a moment and why; empty when the tenant has no such account.
     *
     * @param at not before the account was opened, else nothing held
     */
    public Future<Optional<Explanation>> explain(int tenantId, long accountId, Instant at) {
        AccountKey key = new AccountKey(tenantId, accountId);
        return database.inTenant(
                tenantId,
                connection -> accounts.load(connection, List.of(key), false).compose(found -> {
                    AccountState state = found.get(key);
                    if (state == null) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    Future<Map<String, Optional<Explanation.Held>>> log = restrictions.at(connection, key, at);
                    Future<Optional<DecisionView>> decision = reads.decisionAt(connection, key, at);
                    return Future.all(log, decision)
                            .map(both -> Optional.of(Explanations.of(
                                    state, at, log.result(), decision.result().orElse(null))));
                }));
    }

    /** What is normal for an account; empty when the tenant has no such account. */
    public Future<Optional<NormalBand>> band(int tenantId, long accountId) {
        AccountKey key = new AccountKey(tenantId, accountId);
        return database.inTenant(
                tenantId,
                connection -> accounts.load(connection, List.of(key), false).map(found -> {
                    AccountState state = found.get(key);
                    return state == null
                            ? Optional.empty()
                            : Optional.of(state.drain().open().band(populations.apply(clock.instant())));
                }));
    }

    /**
     * The same within a transaction.
     *
     * @param connection a connection of the account's tenant, or of the worker role
     */
    public Future<Optional<AccountView>> view(SqlConnection connection, AccountKey key) {
        Instant now = clock.instant();
        return accounts.load(connection, List.of(key), false).compose(found -> {
            AccountState state = found.get(key);
            if (state == null) {
                return Future.succeededFuture(Optional.empty());
            }
            return accounts.load(connection, lenders(state), false).compose(lender -> {
                AccountState owner = lender.get(state.volumeKey());
                // What one member uses says nothing of when a volume that it shares will be used up: what all use
                // together does.
                AccountState volume = Views.volume(state, owner);
                Collection<AccountKey> sharers =
                        volume.share() instanceof Share.Owner ? volume.sharers() : List.of(key);
                Future<Map<AccountKey, AccountState>> spending = sharers.size() == 1
                        ? Future.succeededFuture(Map.of(key, state))
                        : accounts.load(connection, sharers, false);
                Future<@Nullable Delivery> delivery = reads.delivery(connection, key);
                Future<List<Forecaster.Hour>> hours = reads.hours(
                        connection, sharers, now.minus(Forecaster.HISTORY).truncatedTo(ChronoUnit.HOURS));
                return Future.all(spending, delivery, hours)
                        .map(read -> Optional.of(Views.of(
                                state,
                                owner,
                                spending.result().values(),
                                now,
                                Forecaster.of(volume, state.charges().zone(), hours.result(), now),
                                delivery.result(),
                                lateness)));
            });
        });
    }

    /** Where the periods of accounts stand, by their numbers; without those that the tenant does not have. */
    public Future<Map<Long, PeriodView.State>> periods(
            SqlConnection connection, int tenantId, Collection<Long> accountIds) {
        Instant now = clock.instant();
        List<AccountKey> keys =
                accountIds.stream().map(id -> new AccountKey(tenantId, id)).toList();
        return accounts.load(connection, keys, false).compose(found -> {
            Set<AccountKey> owners = new HashSet<>();
            found.values().forEach(state -> owners.addAll(lenders(state)));
            return accounts.load(connection, owners, false).map(lent -> {
                Map<Long, PeriodView.State> periods = new HashMap<>();
                found.forEach((key, state) -> periods.put(
                        key.accountId(),
                        Views.period(state, lent.get(state.volumeKey()), now).state()));
                return periods;
            });
        });
    }

    private static List<AccountKey> lenders(AccountState state) {
        return state.share() instanceof Share.Member ? List.of(state.volumeKey()) : List.of();
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
