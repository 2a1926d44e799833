package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Pieces;
import dev.octroi.db.Rounds;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases what would be counted if its sender sent it again: what ended in the future by a clock that was wrong, and what a SIM
 * used before anybody knew whose it is. Deletes what was kept for 400 days. Several gateways share the work; what one counts and
 * does not note, because it dies, the next one finds to be a duplicate.
 */
public final class QuarantineJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QuarantineJob.class);

    private static final Duration RELEASE = Duration.ofSeconds(10);
    private static final Duration FORGET = Duration.ofMinutes(10);
    private static final int MAX_CLAIMED = 500;
    private static final Duration KEPT = Duration.ofDays(400);
    private static final int MAX_FORGOTTEN = 2_000;
    private static final int MAX_PIECES = 20;

    private final Database database;
    private final Accounts accounts;
    private final InstantSource clock;
    private final Duration latenessHorizon;
    private final QuarantineDueStore store = new QuarantineDueStore();
    private final QuarantineCounting counting;
    private final Rounds releasing;
    private final Rounds forgetting;

    /** @param latenessHorizon what ended longer ago is left to people */
    public QuarantineJob(
            Vertx vertx, Database database, Accounts accounts, InstantSource clock, Duration latenessHorizon) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.latenessHorizon = requireNonNull(latenessHorizon, "latenessHorizon is null");
        this.counting = new QuarantineCounting(database, accounts);
        this.releasing = new Rounds(
                vertx,
                RELEASE,
                this::release,
                failure -> log.warn("what may be counted by now was not released yet", failure));
        this.forgetting = new Rounds(
                vertx,
                FORGET,
                this::forget,
                failure -> log.warn("what was kept for long enough was not deleted", failure));
    }

    /** Begins to release every ten seconds, and to delete every ten minutes. */
    public void start() {
        releasing.start();
        forgetting.start();
    }

    /** Releases what may be counted by now, of at most 10,000 records that are due; how many those were. */
    public Future<Integer> release() {
        return release(MAX_PIECES, 0);
    }

    /** Deletes what is due, at most 40,000 rows; how many those were. */
    public Future<Integer> forget() {
        Instant now = clock.instant();
        if (!accounts.decidesAt(now)) {
            return Future.succeededFuture(0);
        }
        return Pieces.remove(
                database,
                connection -> store.forget(connection, now.minus(KEPT), MAX_FORGOTTEN),
                MAX_FORGOTTEN,
                MAX_PIECES);
    }

    @Override
    public void close() {
        releasing.close();
        forgetting.close();
    }

    private Future<Integer> release(int pieces, int released) {
        Instant now = clock.instant();
        if (pieces == 0 || !accounts.decidesAt(now)) {
            return Future.succeededFuture(released);
        }
        return database.inWorker(connection -> store.claim(connection, now, MAX_CLAIMED))
                .compose(due -> due.isEmpty()
                        ? Future.succeededFuture(released)
                        : count(due, now).compose(counted -> release(pieces - 1, released + counted)));
    }

    private Future<Integer> count(List<QuarantineCounting.Numbered> due, Instant now) {
        return counting.owned(due).compose(owned -> {
            List<QuarantineCounting.Owned> ready = new ArrayList<>();
            List<Long> left = new ArrayList<>();
            for (QuarantineCounting.Owned each : owned) {
                Fault fault = fault(each.waiting(), each.account(), now);
                if (fault == null) {
                    ready.add(each);
                } else if (fault == Fault.TOO_LATE || fault == Fault.SUBSCRIBER_NOT_COVERED) {
                    left.add(each.id());
                }
            }
            return leave(left)
                    .compose(done -> counting.count(
                            ready, waiting -> Actor.network(waiting.record().source())))
                    .compose(counted -> note(List.copyOf(counted.keySet())));
        });
    }

    /** What its sender would be told of it now. */
    private @Nullable Fault fault(QuarantineStore.Waiting waiting, @Nullable AccountKey key, Instant now) {
        boolean isLate = waiting.record().eventEnd().isBefore(now.minus(latenessHorizon));
        if (key == null && isLate) {
            return Fault.TOO_LATE;
        }
        return UsageIntake.fault(waiting.feedTenantId(), waiting.record(), key, now, latenessHorizon);
    }

    private Future<Void> leave(List<Long> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture()
                : database.inWorker(connection -> store.leaveToPeople(connection, ids));
    }

    /** What was refused, or nothing is known about, is due again later. */
    private Future<Integer> note(List<Long> counted) {
        return counted.isEmpty()
                ? Future.succeededFuture(0)
                : database.inWorker(connection -> store.released(connection, counted, clock.instant()));
    }
}
