package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Rounds;
import dev.octroi.drain.Savings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Estimates what holding drains back has saved: six hours after an alarm was told, when late records are in, and again while it is held
 * and more would count. Several gateways may do the same: the first estimate is kept.
 */
public final class SavingsJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SavingsJob.class);

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofHours(6);
    private static final int PIECE = 100;

    private final Database database;
    private final InstantSource clock;
    private final Counter saved;
    private final Rounds rounds;
    private final SavingsStore store = new SavingsStore();

    public SavingsJob(Vertx vertx, Database database, InstantSource clock, MeterRegistry registry) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.saved = Counter.builder("octroi.drain.saved")
                .baseUnit("bytes")
                .description("Estimated bytes that holding drains back has saved")
                .register(registry);
        this.rounds = new Rounds(
                vertx, PERIOD, this::estimate, failure -> log.warn("what was saved could not be estimated", failure));
    }

    /** Begins to estimate, once a minute. */
    public void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    /** Estimates for the first hundred that are due now. */
    Future<Void> estimate() {
        Instant now = clock.instant();
        return database.inWorker(connection -> store.due(connection, now, PIECE))
                .compose(due -> all(due, now));
    }

    private Future<Void> all(List<SavingsStore.Due> due, Instant now) {
        Future<Void> before = Future.succeededFuture();
        for (SavingsStore.Due alarm : due) {
            before = before.compose(done -> one(alarm, now)).recover(failure -> {
                log.warn("what was saved in one incident could not be estimated", failure);
                return Future.succeededFuture();
            });
        }
        return before;
    }

    private Future<Void> one(SavingsStore.Due alarm, Instant now) {
        return database.inWorker(connection -> store.moves(connection, alarm).compose(moves -> {
                    HeldTimes held = HeldTimes.of(alarm, moves, now);
                    Savings savings =
                            new Savings(alarm.openedStakeBytes(), alarm.since(), alarm.openedAt(), held.leftBytes());
                    List<Savings.Piece> pieces = savings.pieces(held.holds());
                    if (alarm.meant() || pieces.isEmpty()) {
                        return keep(connection, alarm, 0, Optional.empty());
                    }
                    boolean goesOn =
                            !savings.isWhole(pieces) && !pieces.getLast().to().isBefore(now);
                    return store.passed(connection, alarm, pieces, held.isOfCategory())
                            .compose(passed -> keep(
                                    connection,
                                    alarm,
                                    savings.bytes(pieces, passed),
                                    goesOn ? Optional.of(now.plus(AGAIN)) : Optional.empty()));
                }))
                .onSuccess(more -> saved.increment((double) Math.max(0L, more)))
                .mapEmpty();
    }

    /** How much more than before is kept now. */
    private Future<Long> keep(SqlConnection connection, SavingsStore.Due alarm, long bytes, Optional<Instant> next) {
        return store.keep(connection, alarm, bytes, next).map(kept -> kept ? bytes - alarm.savedBytes() : 0L);
    }
}
