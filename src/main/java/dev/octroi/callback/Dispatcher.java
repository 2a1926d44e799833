package dev.octroi.callback;

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
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int MAX_IN_FLIGHT = 512;
    /** Nudges that come closer together share one look at the table. */
    private static final long NUDGE_GAP_MS = 20;

    private static final long RETRY_WRITE_MS = 250;
    private static final long BACKLOG_MS = 5_000;
    private static final long PRUNE_MS = 600_000;

    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final DispatcherSettings settings;
    private final Sender sender;
    private final IdentifierSource identifiers;
    private final Completion completion;
    private final InstantSource clock;
    private final DispatchMetrics metrics;
    private final long owner;

    private final DispatchStore store = new DispatchStore();
    private final BacklogStore backlog = new BacklogStore();
    private final Lanes lanes;
    private final Set<ClaimedRow> inFlight = new LinkedHashSet<>();
    private final List<Attempt> ended = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private final AtomicBoolean nudged = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();

    private long lookedAtMs;
    private boolean claiming;
    private boolean claimAgain;
    private boolean writing;
    private boolean stopping;

    /** Everything the dispatcher works with; {@link Callbacks} puts it together. */
    Dispatcher(
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
        this.completion = completion;
        this.clock = clock;
        this.metrics = metrics;
        this.lanes = new Lanes(settings);
        this.owner = random.nextLong() >>> 1;
    }

    /** Begins to send. */
    public void start() {
        context.runOnContext(go -> {
            timers.add(vertx.setPeriodic(settings.pollMs(), tick -> claim()));
            timers.add(vertx.setPeriodic(settings.leaseMs() / 3, tick -> renew()));
            timers.add(vertx.setPeriodic(BACKLOG_MS, tick -> measure()));
            timers.add(vertx.setPeriodic(PRUNE_MS, tick -> prune()));
            claim();
        });
    }

    /** Says that rows have been committed; from any thread, as often as one likes. */
    public void nudge() {
        if (nudged.compareAndSet(false, true)) {
            context.runOnContext(go -> {
                long sinceMs = Math.max(0, clock.millis() - lookedAtMs);
                if (sinceMs >= NUDGE_GAP_MS) {
                    nudged();
                } else {
                    vertx.setTimer(NUDGE_GAP_MS - sinceMs, due -> nudged());
                }
            });
        }
    }

    private void nudged() {
        nudged.set(false);
        claim();
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
        int free = MAX_IN_FLIGHT - inFlight.size();
        if (free <= 0) {
            return;
        }
        claiming = true;
        claimAgain = false;
        Instant now = clock.instant();
        lookedAtMs = now.toEpochMilli();
        List<DispatchStore.Room> rooms = lanes.rooms(now.toEpochMilli());
        database.inWorker(connection -> store.claim(
                        connection, owner, rooms, settings.endpointInFlight(), now, now.plusMillis(settings.leaseMs())))
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
        if (claimed.moreMayBeDue() || claimAgain) {
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
        List<IdentifierSource.Subject> subjects = rows.stream()
                .filter(row -> row.stream() == Stream.NETWORK || row.stream() == Stream.ES2)
                .map(row -> new IdentifierSource.Subject(row.tenantId(), row.key()))
                .distinct()
                .toList();
        return subjects.isEmpty() ? Future.succeededFuture(Map.of()) : identifiers.resolve(subjects);
    }

    private void send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> known) {
        sender.send(row, known).onSuccess(attempt -> context.runOnContext(go -> ended(attempt)));
    }

    private void ended(Attempt attempt) {
        if (attempt.unavailable()) {
            lanes.failed(attempt.row().lane(), clock.millis());
        } else {
            lanes.answered(attempt.row().lane());
        }
        metrics.attempted(attempt);
        metrics.breakers(lanes.open());
        ended.add(attempt);
        write();
    }

    private void write() {
        if (writing || ended.isEmpty()) {
            return;
        }
        writing = true;
        List<Attempt> batch = List.copyOf(ended);
        ended.clear();
        Instant now = clock.instant();
        database.inWorker(connection -> store.complete(connection, owner, batch, now)
                        .compose(held -> completion.completed(connection, held)))
                .onComplete(done -> written(batch), failure -> {
                    log.warn("outbox cannot be written: {}", failure.getMessage());
                    // Until it can, the rows stay in flight: their leases are renewed, and nobody sends them again.
                    ended.addAll(batch);
                    writing = false;
                    vertx.setTimer(RETRY_WRITE_MS, go -> write());
                });
    }

    private void written(List<Attempt> batch) {
        writing = false;
        for (Attempt attempt : batch) {
            inFlight.remove(attempt.row());
            lanes.ended(attempt.row().lane());
        }
        write();
        claim();
        drainedIfIdle();
    }

    private void renew() {
        if (inFlight.isEmpty()) {
            return;
        }
        List<ClaimedRow> rows = List.copyOf(inFlight);
        Instant until = clock.instant().plusMillis(settings.leaseMs());
        database.inWorker(connection -> store.renew(connection, owner, rows, until))
                .onFailure(failure -> log.warn("leases cannot be renewed: {}", failure.getMessage()));
    }

    private void measure() {
        backlog.count(database.workerPool()).onSuccess(metrics::backlog);
    }

    private void prune() {
        database.inWorker(connection -> backlog.prune(connection, clock.instant()))
                .onFailure(failure -> log.warn("old deliveries cannot be removed: {}", failure.getMessage()));
    }

    private void drainedIfIdle() {
        if (stopping && !claiming && !writing && inFlight.isEmpty()) {
            drained.tryComplete();
        }
    }

    /** What else belongs into the transaction that puts attempts down. */
    @FunctionalInterface
    interface Completion {
        Future<Void> completed(SqlConnection connection, List<Attempt> held);
    }
}
