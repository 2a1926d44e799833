package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.db.Rounds;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets time act where no record arrives: midnight ends a limit, a plan ends, a fixed date begins one. Also keeps the
 * ledger's partitions a few days ahead. Several gateways share the work.
 */
public final class TickJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TickJob.class);

    private static final Duration PERIOD = Duration.ofMillis(500);
    /** As many as a batch decides. */
    private static final int MAX_CLAIMED = 2_000;

    /** At midnight all plans of a day fall due at once; partitions and the clock are looked at between two looks. */
    private static final int MAX_CLAIMS = 100;

    private static final Duration CLAIM = Duration.ofSeconds(30);
    /** Partitions are made days ahead: there is time. */
    private static final Duration PARTITIONS_RETRY = Duration.ofMinutes(1);

    private static final int DAYS_BACK = 4;
    private static final int DAYS_AHEAD = 3;

    private final Database database;
    private final Accounts accounts;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final int maxClaimed;
    private final AccountTimerStore store = new AccountTimerStore();

    private final Rounds rounds;
    private volatile boolean closed;
    private volatile @Nullable LocalDate partitionedAt;
    private volatile Instant partitionsAfter = Instant.MIN;

    public TickJob(Vertx vertx, Database database, Accounts accounts, InstantSource clock, ClockTrust trust) {
        this(vertx, database, accounts, clock, trust, MAX_CLAIMED);
    }

    /** @param maxClaimed accounts that are claimed at a time */
    TickJob(Vertx vertx, Database database, Accounts accounts, InstantSource clock, ClockTrust trust, int maxClaimed) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.maxClaimed = maxClaimed;
        this.rounds = new Rounds(
                vertx,
                PERIOD,
                this::look,
                failure -> log.warn("accounts that are due could not be looked at", failure));
    }

    /** Begins to look for due accounts, now and twice a second. */
    public void start() {
        rounds.startNow();
    }

    private Future<Integer> look() {
        return makePartitions()
                .recover(failure -> {
                    log.warn("the ledger's partitions of the next days could not be made yet", failure);
                    return Future.succeededFuture(0);
                })
                .compose(done -> tick());
    }

    /**
     * Ticks all that is due now, and nothing while the clock is wrong; how many accounts that were, of which some may have been
     * due again.
     */
    public Future<Integer> tick() {
        return tick(MAX_CLAIMS);
    }

    private Future<Integer> tick(int claims) {
        return tickClaimed()
                .compose(ticked -> ticked < maxClaimed || claims <= 1 || closed
                        ? Future.succeededFuture(ticked)
                        : tick(claims - 1).map(more -> ticked + more));
    }

    private Future<Integer> tickClaimed() {
        Instant now = clock.instant();
        if (!trust.holds(now)) {
            return Future.succeededFuture(0);
        }
        return database.inWorker(connection -> store.claim(connection, now, now.plus(CLAIM), maxClaimed))
                .compose(keys -> {
                    List<Accounts.Submission> ticks = keys.stream()
                            .map(key -> new Accounts.Submission(key, new AccountCommand.Tick(Actor.clock())))
                            .toList();
                    return accounts.submitAll(ticks).map(List::size);
                });
    }

    @Override
    public void close() {
        closed = true;
        rounds.close();
    }

    private Future<Integer> makePartitions() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (today.equals(partitionedAt) || now.isBefore(partitionsAfter) || !trust.holds(now)) {
            return Future.succeededFuture(0);
        }
        partitionsAfter = now.plus(PARTITIONS_RETRY);
        return database.inWorker(connection ->
                        store.makePartitions(connection, today.minusDays(DAYS_BACK), today.plusDays(DAYS_AHEAD)))
                .onSuccess(made -> partitionedAt = today);
    }
}
