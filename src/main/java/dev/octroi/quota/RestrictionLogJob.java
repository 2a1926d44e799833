package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.db.Pieces;
import dev.octroi.db.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the restrictions and links that held more than 400 days ago, and the marks of sessions that were heard of last before
 * that, a piece at a time. Gateways that do it at once do not harm each other. A mark has to stay as long as a record in the
 * quarantine: without it a reading of the same session would count all of it again.
 */
public final class RestrictionLogJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RestrictionLogJob.class);

    private static final Duration KEPT = Duration.ofDays(400);
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final int MAX_ROWS = 2_000;
    private static final int MAX_PIECES = 50;
    /** Marks are walked through, most of which stay. */
    private static final int MARKS_AT_ONCE = 5_000;

    private final Database database;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final RestrictionLogStore store = new RestrictionLogStore();
    private final AccountLinkStore links = new AccountLinkStore();
    private final SessionMarkStore marks = new SessionMarkStore();
    private volatile SessionMarkStore.Place walked = SessionMarkStore.START;

    private final Rounds rounds;

    public RestrictionLogJob(Vertx vertx, Database database, InstantSource clock, ClockTrust trust) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.rounds = new Rounds(
                vertx, PERIOD, this::forget, failure -> log.warn("what held long ago could not be forgotten", failure));
    }

    /** Begins to look every ten minutes. */
    public void start() {
        rounds.start();
    }

    /**
     * Forgets what is due, at most 100,000 rows of restrictions and as many of links, and nothing while the clock is wrong; how
     * many those were. Of the marks of sessions it looks at up to 250,000 and goes on there the next time.
     */
    public Future<Integer> forget() {
        Instant now = clock.instant();
        if (!trust.holds(now)) {
            return Future.succeededFuture(0);
        }
        Instant before = now.minus(KEPT);
        return Pieces.remove(database, connection -> store.forget(connection, before, MAX_ROWS), MAX_ROWS, MAX_PIECES)
                .compose(gone -> Pieces.remove(
                                database,
                                connection -> links.forget(connection, before, MAX_ROWS),
                                MAX_ROWS,
                                MAX_PIECES)
                        .map(rows -> gone + rows))
                .compose(gone -> forgetMarks(before, MAX_PIECES).map(rows -> gone + rows));
    }

    private Future<Integer> forgetMarks(Instant before, int pieces) {
        return database.inWorker(connection -> marks.forget(connection, walked, before, MARKS_AT_ONCE))
                .compose(page -> {
                    walked = page.next();
                    return pieces <= 1 || page.next().equals(SessionMarkStore.START)
                            ? Future.succeededFuture(page.removed())
                            : forgetMarks(before, pieces - 1).map(rows -> page.removed() + rows);
                });
    }

    @Override
    public void close() {
        rounds.close();
    }
}
