package dev.octroi.callback.reconcile;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventStore;
import dev.octroi.callback.network.NetworkReads;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.OutboxStore;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the network should do with what it confirmed. A policy that nothing is going to deliver any more is put
 * into the outbox again; one that stays unconfirmed for long is told to its tenant as {@code policy.unconfirmed}. Several
 * gateways share the work: each takes what no other has locked.
 */
public final class Reconciler {
    /** Policies of one transaction. */
    public static final int AT_ONCE = 500;

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final Vertx vertx;
    private final Database database;
    private final ReconcilerSettings settings;
    private final boolean always;
    private final DriftMessages messages;
    private final InstantSource clock;
    private final ReconcilerMetrics metrics;
    private final Runnable nudge;
    private final NetworkReads reads;
    private final PartnerChanges changes;
    private final OpenSessionStore sessions = new OpenSessionStore();
    private final DriftStore store = new DriftStore();
    private final OutboxStore outbox = new OutboxStore();
    private final EventStore events = new EventStore();

    private volatile long timer = -1;
    private volatile boolean stopping;
    private volatile Future<?> running = Future.succeededFuture();

    /**
     * @param always whether policies of all tenants have an address to go to
     * @param nudge called after a commit that left something to send
     * @param reads what networks that can be read have
     */
    public Reconciler(
            Vertx vertx,
            Database database,
            ReconcilerSettings settings,
            boolean always,
            Ids ids,
            InstantSource clock,
            MeterRegistry registry,
            Runnable nudge,
            NetworkReads reads) {
        this.vertx = vertx;
        this.database = database;
        this.settings = settings;
        this.always = always;
        this.messages = new DriftMessages(ids);
        this.clock = clock;
        this.metrics = new ReconcilerMetrics(registry, clock);
        this.nudge = nudge;
        this.reads = reads;
        this.changes = new PartnerChanges(database, ids, clock);
    }

    /** Begins to look, once in each period. */
    public void start() {
        timer = vertx.setPeriodic(settings.period().toMillis(), tick -> {
            if (running.isComplete() && !stopping) {
                running = round().onFailure(failure -> log.warn("policies cannot be reconciled", failure));
            }
        });
    }

    /** Completes when the round under way has ended. */
    public Future<Void> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        return running.otherwiseEmpty().mapEmpty();
    }

    /** Reads what is to be read, looks at everything that is due, and counts what is left. */
    public Future<Void> round() {
        return reads.round().compose(lost -> changes.round()).compose(done -> looks());
    }

    private Future<Void> looks() {
        return database.inWorker(this::look).compose(looked -> {
            if (looked > 0) {
                nudge.run();
            }
            return looked == AT_ONCE && !stopping ? looks() : measure();
        });
    }

    private Future<Integer> look(SqlConnection connection) {
        Instant now = clock.instant();
        return store.claim(connection, always, now.minus(settings.repairAfter()), AT_ONCE)
                .compose(drifts -> act(connection, drifts, now).map(drifts.size()));
    }

    private Future<Void> act(SqlConnection connection, List<Drift> drifts, Instant now) {
        if (drifts.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Drift> again = new ArrayList<>();
        List<OutboxRow> anew = new ArrayList<>();
        List<Event> told = new ArrayList<>();
        List<Drift> leaks = new ArrayList<>();
        List<DriftStore.Looked> looks = new ArrayList<>();
        for (Drift drift : drifts) {
            Optional<Drift.Cause> cause = drift.repair();
            cause.ifPresent(why -> {
                metrics.repaired(why);
                if (why == Drift.Cause.MISSING) {
                    anew.add(messages.row(drift, now));
                } else {
                    again.add(drift);
                }
            });
            boolean escalates = drift.escalates(now, settings.escalateAfter());
            if (escalates) {
                told.add(messages.event(drift, now));
                if (drift.leaks()) {
                    leaks.add(drift);
                }
            }
            looks.add(new DriftStore.Looked(drift, cause.isPresent(), escalates, checkAfter(drift, now)));
        }
        report(again.size() + anew.size(), told.size());
        return store.rearm(connection, again, now)
                .compose(done -> outbox.append(connection, anew))
                .compose(done -> store.looked(connection, looks, now))
                .compose(done -> events.append(connection, told))
                .compose(done -> abort(connection, leaks, now));
    }

    /** Where a suspension stays unconfirmed, charging sessions that are open are ended once more: no session, no data. */
    private Future<Void> abort(SqlConnection connection, List<Drift> leaks, Instant now) {
        if (leaks.isEmpty()) {
            return Future.succeededFuture();
        }
        return sessions.open(connection, leaks)
                .compose(open -> outbox.append(
                        connection,
                        open.stream()
                                .map(session -> messages.abort(session, now))
                                .toList()));
    }

    /** What is looked at is due {@code repairAfter} later than this says. */
    private Instant checkAfter(Drift drift, Instant now) {
        Duration pause = drift.pause(now, settings.repairAfter(), settings.escalateAfter());
        return now.plus(pause).minus(settings.repairAfter());
    }

    private void report(int repaired, int escalated) {
        if (repaired > 0) {
            log.info("{} policies that nothing was going to deliver are sent again", repaired);
        }
        if (escalated > 0) {
            metrics.escalated(escalated);
            log.warn(
                    "{} policies are not confirmed by the network since {} s or more",
                    escalated,
                    settings.escalateAfter().toSeconds());
        }
    }

    private Future<Void> measure() {
        return store.count(database.workerPool(), clock.instant().minus(settings.repairAfter()))
                .onSuccess(metrics::counted)
                .mapEmpty();
    }
}
