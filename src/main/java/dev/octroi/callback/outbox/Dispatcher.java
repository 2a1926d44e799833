package dev.octroi.callback.outbox;

import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.db.Database;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the outbox. Every gateway runs one; they share the work row by row, and when one dies the others take
 * its rows as soon as their leases end.
 *
 * <p>Its state belongs to one event loop. A transaction claims rows, the requests run without any, another transaction
 * puts down what came of all that ended meanwhile.
 */
public final class Dispatcher {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final DispatcherSettings settings;
    private final Sender sender;
    private final IdentifierSource identifiers;
    private final InstantSource clock;
    private final DispatchMetrics metrics;
    private final long owner;

    private final DispatchStore store = new DispatchStore();
    private final Lanes lanes;
    private final AttemptWriter writer;
    private final Nudges nudges;
    private final OutboxUpkeep upkeep;
    private final Set<ClaimedRow> inFlight = new LinkedHashSet<>();
    private final List<Long> timers = new ArrayList<>();
    private final Promise<Void> drained = Promise.promise();

    private boolean claiming;
    private boolean claimAgain;
    private boolean stopping;

    /** Everything the dispatcher works with; the feature puts it together. */
    public Dispatcher(
            Vertx vertx,
            Database database,
            DispatcherSettings settings,
            Sender sender,
            IdentifierSource identifiers,
            Completion completion,
            InstantSource clock,
            RandomGenerator random,
            DispatchMetrics metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.database = database;
        this.settings = settings;
        this.sender = sender;
        this.identifiers = identifiers;
        this.clock = clock;
        this.metrics = metrics;
        this.lanes = new Lanes(settings);
        this.owner = random.nextLong() >>> 1;
        this.nudges = new Nudges(vertx, context, clock, this::claim);
        this.writer = new AttemptWriter(vertx, database, store, completion, owner, clock, this::written);
        this.upkeep = new OutboxUpkeep(database, clock, metrics);
    }

    /** Begins to send. */
    public void start() {
        context.runOnContext(go -> {
            timers.add(vertx.setPeriodic(settings.pollMs(), tick -> claim()));
            timers.add(vertx.setPeriodic(settings.leaseMs() / 3, tick -> renew()));
            timers.addAll(upkeep.start(vertx));
            claim();
        });
    }

    /** Says that rows have been committed; from any thread, as often as one likes. */
    public void nudge() {
        nudges.nudge();
    }

    /** Claims nothing more; completes when what was under way has been put down. */
    public Future<Void> stop() {
        context.runOnContext(go -> {
            stopping = true;
            timers.forEach(vertx::cancelTimer);
            timers.clear();
            drainedIfIdle();
        });
        return drained.future();
    }

    private void claim() {
        if (stopping) {
            return;
        }
        if (claiming) {
            claimAgain = true;
            return;
        }
        claiming = true;
        claimAgain = false;
        Instant now = clock.instant();
        nudges.looked();
        DispatchStore.Rooms rooms = lanes.rooms(now.toEpochMilli());
        database.inWorker(connection -> store.claim(connection, owner, rooms, now, now.plusMillis(settings.leaseMs())))
                .onComplete(this::claimed, this::claimFailed);
    }

    private void claimed(DispatchStore.Claimed claimed) {
        claiming = false;
        Lanes.Admission admission = lanes.admit(claimed.rows(), clock.instant());
        List<ClaimedRow> rows = admission.admitted();
        inFlight.addAll(rows);
        if (!admission.held().isEmpty()) {
            // If it fails, their leases end.
            database.inWorker(connection -> store.release(connection, owner, admission.held()))
                    .onFailure(failure -> log.warn("rows cannot be put back: {}", failure.getMessage()));
        }
        if (!rows.isEmpty()) {
            resolve(rows).onComplete(known -> rows.forEach(row -> send(row, known)), failure -> {
                log.warn("identifiers cannot be read: {}", failure.getClass().getSimpleName());
                rows.forEach(row -> send(row, Map.of()));
            });
        }
        // What was put back is not worth another look before it is due.
        if (claimed.deferred() || !rows.isEmpty() || claimAgain) {
            claim();
        }
        drainedIfIdle();
    }

    private void claimFailed(Throwable failure) {
        claiming = false;
        // The next tick tries again; a pool that is shut or too busy is reported where it is looked after.
        log.warn("outbox cannot be read: {}", failure.getMessage());
        drainedIfIdle();
    }

    private Future<Map<Long, IdentifierSource.Identifiers>> resolve(List<ClaimedRow> rows) {
        List<IdentifierSource.Subject> subjects = ClaimedRow.subjects(rows);
        return subjects.isEmpty() ? Future.succeededFuture(Map.of()) : identifiers.resolve(subjects);
    }

    private void send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> known) {
        sender.send(row, known).onSuccess(attempt -> context.runOnContext(go -> ended(attempt)));
    }

    private void ended(Attempt attempt) {
        if (attempt.unavailable()) {
            lanes.failed(attempt.row(), clock.millis());
        } else if (attempt.told()) {
            lanes.answered(attempt.row().lane());
        }
        metrics.attempted(attempt);
        writer.add(attempt);
    }

    private void written(List<Attempt> batch) {
        for (Attempt attempt : batch) {
            inFlight.remove(attempt.row());
            lanes.ended(attempt.row());
        }
        metrics.breakers(lanes.open() + sender.openBreakers());
        claim();
        drainedIfIdle();
    }

    private void renew() {
        // Also while nothing is sent: an endpoint that is gone is forgotten.
        lanes.forget(clock.millis());
        metrics.breakers(lanes.open() + sender.openBreakers());
        if (inFlight.isEmpty()) {
            return;
        }
        List<ClaimedRow> rows = List.copyOf(inFlight);
        Instant until = clock.instant().plusMillis(settings.leaseMs());
        database.inWorker(connection -> store.renew(connection, owner, rows, until))
                .onFailure(failure -> log.warn("leases cannot be renewed: {}", failure.getMessage()));
    }

    private void drainedIfIdle() {
        if (stopping && !claiming && writer.isIdle() && inFlight.isEmpty()) {
            drained.tryComplete();
        }
    }

    /** What else belongs into the transaction that puts attempts down. */
    @FunctionalInterface
    public interface Completion {
        /** Puts down what attempts mean elsewhere, in the transaction that puts them down; the rows are still held. */
        Future<Void> completed(SqlConnection connection, List<Attempt> held);
    }
}
