package dev.octroi.quota.rehearsal;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.db.Database;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.AccountLoadStore;
import dev.octroi.quota.AccountReadStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.UsageSplit;
import dev.octroi.quota.decide.Decider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Plays rules on what accounts used by the hour. Reads only. */
public final class RuleRehearsals {
    private final Decider decider;
    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final RehearsalTurns turns;
    private final AccountLoadStore accounts = new AccountLoadStore();
    private final AccountReadStore reads = new AccountReadStore();
    private final RehearsedUseStore pasts = new RehearsedUseStore();

    /**
     * @param dwell how long what begins by itself holds on the gateways
     * @param turns shared with all other rehearsals of the gateway
     */
    public RuleRehearsals(Vertx vertx, Database database, InstantSource clock, Duration dwell, RehearsalTurns turns) {
        this.turns = requireNonNull(turns, "turns is null");
        // Alarms are played as they were raised: what is normal does not matter.
        this.decider = new Decider(DrainDetector.shipped(), at -> Population.shipped(), () -> BlockList.EMPTY, dwell);
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What rehearsals are played with. */
    public Decider decider() {
        return decider;
    }

    /**
     * What would have followed, by account; an account that is not the tenant's is left out.
     *
     * @param accountIds at most 50
     * @param days how far back, 1 to 30
     * @param isWanted whether somebody waits for it still; it breaks off where nobody does
     */
    public Future<Map<Long, RuleTally>> play(
            int tenantId, List<Long> accountIds, int days, RuleRehearsal rehearsal, BooleanSupplier isWanted) {
        return turns.take(tenantId, () -> playAll(tenantId, accountIds, days, rehearsal, isWanted));
    }

    private Future<Map<Long, RuleTally>> playAll(
            int tenantId, List<Long> accountIds, int days, RuleRehearsal rehearsal, BooleanSupplier isWanted) {
        Instant to = clock.instant().truncatedTo(ChronoUnit.HOURS);
        Instant from = to.minus(Duration.ofDays(days));
        Map<Long, RuleTally> tallies = new LinkedHashMap<>();
        Future<?> all = Future.succeededFuture();
        // One after the other, each in a transaction of its own: one account's hours are in memory, and no lock lasts.
        for (long accountId : accountIds) {
            AccountKey key = new AccountKey(tenantId, accountId);
            all = all.compose(before -> isWanted.getAsBoolean()
                    ? one(key, from, to, rehearsal, tallies)
                    : Future.failedFuture(new CancellationException("nobody waits for it")));
        }
        return all.map(done -> tallies);
    }

    private Future<?> one(
            AccountKey key, Instant from, Instant to, RuleRehearsal rehearsal, Map<Long, RuleTally> tallies) {
        return database.inTenant(
                        key.tenantId(),
                        connection -> accounts.load(connection, List.of(key), false)
                                .map(found -> Optional.ofNullable(found.get(key)))
                                .compose(found -> found.isEmpty()
                                        ? Future.succeededFuture(Optional.<Past>empty())
                                        : past(connection, found.get(), from, to, rehearsal)
                                                .map(Optional::of)))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : vertx.executeBlocking(() -> {
                                    Past past = found.get();
                                    PlanTerms terms = past.state().terms();
                                    return rehearsal.play(terms, past.state().timeZone(), past.use(), from, to);
                                })
                                .onSuccess(tally -> tallies.put(key.accountId(), tally)));
    }

    private record Past(AccountState state, RehearsedUse use) {}

    private Future<Past> past(
            SqlConnection connection, AccountState state, Instant from, Instant to, RuleRehearsal rehearsal) {
        AccountKey key = state.key();
        return reads.byHour(connection, key, from, to, UsageSplit.ALL)
                .compose(hours -> (rehearsal.needsQuarters()
                                ? pasts.quarters(connection, key, from, to)
                                : Future.succeededFuture(List.<RehearsedUse.Quarter>of()))
                        .compose(quarters -> (rehearsal.needsOccasions()
                                        ? pasts.occasions(connection, key.tenantId(), state.subscriptionId(), from, to)
                                        : Future.succeededFuture(List.<RehearsedUse.Happened>of()))
                                .map(occasions -> new Past(state, new RehearsedUse(hours, quarters, occasions)))));
    }
}
