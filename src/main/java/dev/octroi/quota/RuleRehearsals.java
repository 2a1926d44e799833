package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plays rules on what accounts used by the hour. Reads only. */
public final class RuleRehearsals {
    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final AccountLoadStore accounts = new AccountLoadStore();
    private final AccountReadStore reads = new AccountReadStore();

    public RuleRehearsals(Vertx vertx, Database database, InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * What would have followed, by account; an account that is not the tenant's is left out.
     *
     * @param accountIds at most 50
     * @param days how far back, 1 to 30
     */
    public Future<Map<Long, RuleTally>> play(int tenantId, List<Long> accountIds, int days, RuleRehearsal rehearsal) {
        Instant to = clock.instant().truncatedTo(ChronoUnit.HOURS);
        Instant from = to.minus(Duration.ofDays(days));
        Map<Long, RuleTally> tallies = new LinkedHashMap<>();
        Future<?> all = Future.succeededFuture();
        // One after the other, each in a transaction of its own: one account's hours are in memory, and no lock lasts.
        for (long accountId : accountIds) {
            AccountKey key = new AccountKey(tenantId, accountId);
            all = all.compose(before -> one(key, from, to, rehearsal, tallies));
        }
        return all.map(done -> tallies);
    }

    private Future<?> one(
            AccountKey key, Instant from, Instant to, RuleRehearsal rehearsal, Map<Long, RuleTally> tallies) {
        return database.inTenant(
                        key.tenantId(),
                        connection -> accounts.load(connection, List.of(key), false)
                                .compose(found ->
                                        reads.byHour(connection, key, from, to).map(hours -> Map.entry(found, hours))))
                .compose(read -> {
                    AccountState state = read.getKey().get(key);
                    return state == null
                            ? Future.succeededFuture()
                            : vertx.executeBlocking(() ->
                                            rehearsal.play(state.terms(), state.timeZone(), read.getValue(), from, to))
                                    .onSuccess(tally -> tallies.put(key.accountId(), tally));
                });
    }
}
