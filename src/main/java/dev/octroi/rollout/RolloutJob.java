package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.db.Rounds;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.ChangeTrace;
import dev.octroi.quota.account.ItemState;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changes further: applies what is due, watches, stops, takes back. Several gateways share the work; what one that
 * died had in hand another takes up. That nothing is applied twice does not hang on it: each account knows.
 */
public final class RolloutJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RolloutJob.class);

    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final int MAX_CLAIMED = 4;
    private static final int MAX_AT_ONCE = 200;
    private static final Duration CLAIM = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Database database;
    private final Accounts accounts;
    private final PolicyChanges changes;
    private final ChangeRules rules;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final ChangeClaimStore store = new ChangeClaimStore();
    private final ChangeItemStore items = new ChangeItemStore();

    private final Rounds rounds;

    public RolloutJob(
            Vertx vertx,
            Database database,
            Accounts accounts,
            PolicyChanges changes,
            ChangeRules rules,
            InstantSource clock,
            ClockTrust trust) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.changes = requireNonNull(changes, "changes is null");
        this.rules = requireNonNull(rules, "rules is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.rounds = new Rounds(
                vertx,
                PERIOD,
                this::round,
                failure -> log.warn("changes of policy could not be taken further", failure));
    }

    /** Begins to look for work twice a second. */
    public void start() {
        rounds.start();
    }

    /** Takes the changes that are due one piece further, and none while the clock is wrong; how many those were. */
    public Future<Integer> round() {
        Instant now = clock.instant();
        if (!trust.holds(now)) {
            return Future.succeededFuture(0);
        }
        return database.inWorker(connection -> store.claim(connection, now, now.plus(CLAIM), MAX_CLAIMED))
                .compose(claimed -> {
                    Future<Void> all = Future.succeededFuture();
                    for (PolicyChange change : claimed) {
                        all = all.compose(done -> further(change)).recover(failure -> later(change, failure));
                    }
                    return all.map(claimed.size());
                });
    }

    /** What fails is tried again when its claim ends, and holds up no other change. */
    private static Future<Void> later(PolicyChange change, Throwable failure) {
        log.atWarn()
                .addKeyValue("tenant", change.tenantId())
                .setCause(failure)
                .log("a change of policy could not be taken further");
        return Future.succeededFuture();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private Future<Void> further(PolicyChange change) {
        Pool pool = database.workerPool();
        Rollout rollout = change.rollout();
        int upTo = change.plan().upTo(rollout.step());
        Future<Integer> pending = rollout.state() == ChangeState.RUNNING
                ? items.pending(pool, change.tenantId(), change.id(), upTo)
                : Future.succeededFuture(0);
        Future<Indicator> indicator = rollout.state() == ChangeState.WAITING
                ? Future.succeededFuture(Indicator.NONE)
                : items.indicator(pool, change.tenantId(), change.id(), overdue());
        return Future.all(pending, indicator).compose(seen -> switch (rollout.next(
                change.plan(), pending.result(), indicator.result(), clock.instant())) {
            case Rollout.Task.Rest rest -> store.due(pool, change, look(change, rest.until()));
            case Rollout.Task.Turn turn -> turn(change, turn);
            case Rollout.Task.Apply apply ->
                work(change, ItemState.PENDING, apply.upTo()).compose(done -> store.due(pool, change, clock.instant()));
            case Rollout.Task.TakeBack back ->
                work(change, ItemState.APPLIED, change.plan().total())
                        .compose(done -> store.due(pool, change, clock.instant()));
        });
    }

    private Future<Void> turn(PolicyChange change, Rollout.Task.Turn turn) {
        if (turn.next().state() == ChangeState.STOPPED) {
            log.atWarn().addKeyValue("tenant", change.tenantId()).log("a change of policy stopped by itself");
        }
        return database.inWorker(connection -> changes.turn(connection, change, turn))
                .mapEmpty();
    }

    /** Indicators are looked at while a step soaks, not at its end only. */
    private Instant look(PolicyChange change, @Nullable Instant until) {
        Instant soon = clock.instant().plus(LOOK);
        boolean watched = change.rollout().state() == ChangeState.RUNNING;
        return until == null || (watched && soon.isBefore(until)) ? soon : until;
    }

    private @Nullable Instant overdue() {
        return rules.undeliveredAfter().isZero() ? null : clock.instant().minus(rules.undeliveredAfter());
    }

    private Future<Void> work(PolicyChange change, ItemState state, int upTo) {
        return items.next(database.workerPool(), change, state, upTo, MAX_AT_ONCE)
                .compose(found -> Future.all(
                                found.stream().map(item -> one(change, item)).toList())
                        .mapEmpty());
    }

    private Future<Void> one(PolicyChange change, ChangeItem item) {
        AccountCommand command;
        try {
            command = command(change, item);
        } catch (IllegalArgumentException e) {
            // What cannot be said at all now cannot be said later either, and must not hold up the others for ever.
            log.atWarn()
                    .addKeyValue("tenant", change.tenantId())
                    .setCause(e)
                    .log("a change of policy is no command that an account takes");
            return refuse(change, item, "failed");
        }
        return accounts.submit(new AccountKey(change.tenantId(), item.accountId()), command)
                .compose(outcome -> outcome instanceof Outcome.Refused refused && refused.code() != Refusal.BUSY
                        ? refuse(change, item, refused.code().word())
                        : Future.succeededFuture())
                .recover(failure -> Accounts.isCommandsFault(failure)
                        ? refuse(change, item, "failed")
                        : Future.failedFuture(failure));
    }

    private Future<Void> refuse(PolicyChange change, ChangeItem item, String why) {
        return items.refuse(database.workerPool(), change, item, why, clock.instant());
    }

    private static AccountCommand command(PolicyChange change, ChangeItem item) {
        ChangeTrace trace = item.trace();
        Person undoer = change.undoneBy();
        if (item.state() == ItemState.PENDING || trace == null || undoer == null) {
            return new AccountCommand.ApplyChange(
                    change.id(),
                    change.act(),
                    change.reason(),
                    change.proposer().actor());
        }
        return new AccountCommand.UndoChange(
                change.id(), change.act(), trace, change.proposer().actor().kind(), change.reason(), undoer.actor());
    }
}
