package dev.octroi.quota.rehearsal;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Rehearses drain grades over what a plan's subscriptions really used. Reads only, in turns. */
public final class DrainRehearsals {
    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final RehearsalStore store;
    private final RehearsalTurns turns;

    /**
     * Rehearses over what a database holds.
     *
     * @param countryOf the country of a network, given {@code MCC-MNC}
     * @param turns shared with all other rehearsals of the gateway
     */
    public DrainRehearsals(
            Vertx vertx,
            Database database,
            InstantSource clock,
            UnaryOperator<String> countryOf,
            RehearsalTurns turns) {
        this.turns = requireNonNull(turns, "turns is null");
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.store = new RehearsalStore(requireNonNull(countryOf, "countryOf is null"));
    }

    /**
     * Plays the newest 200 subscriptions of a plan, at most 20,000 records of each.
     *
     * @param days how far back, 1 to 30
     * @param isWanted whether somebody waits for it still; it breaks off where nobody does
     */
    public Future<RehearsalTally> play(
            int tenantId, long planId, int days, DrainRehearsal rehearsal, BooleanSupplier isWanted) {
        LocalDate since = RehearsalStore.day(clock.instant().minus(Duration.ofDays(days)));
        return turns.take(
                tenantId,
                () -> database.inTenant(
                                tenantId,
                                connection -> store.fleet(connection, tenantId, planId, RehearsalStore.MAX_ACCOUNTS))
                        .compose(fleet -> playAll(tenantId, fleet, since, rehearsal, isWanted)));
    }

    /**
     * One account after the other, each in a transaction of its own: one account's records are in memory, and no lock on the
     * ledger lasts while the detector works, which it does off the loop.
     */
    private Future<RehearsalTally> playAll(
            int tenantId,
            List<RehearsalStore.Fleet> fleet,
            LocalDate since,
            DrainRehearsal rehearsal,
            BooleanSupplier isWanted) {
        List<RehearsalTally> tallies = new ArrayList<>();
        Future<?> all = Future.succeededFuture();
        for (RehearsalStore.Fleet account : fleet) {
            all = all.compose(before -> isWanted.getAsBoolean()
                            ? database.inTenant(tenantId, connection -> store.records(connection, account, since))
                            : Future.failedFuture(new CancellationException("nobody waits for it")))
                    .compose(records -> vertx.executeBlocking(() -> rehearsal.play(records)))
                    .onSuccess(tallies::add);
        }
        return all.map(done -> DrainRehearsal.sum(tallies));
    }
}
