package dev.octroi.privacy;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.Pieces;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Forgets a traveller. First it is marked, with who asked and why; then large tables give up their rows in pieces; then all the
 * rest goes in one transaction, with the event and the audit row that say so. What breaks off after the mark is taken up again, by
 * whoever asks again or by a job.
 */
public final class Erasures {
    private static final int MAX_PIECES = 400;
    private static final int RESUMED_AT_ONCE = 20;
    private static final Duration BROKEN_OFF_AFTER = Duration.ofMinutes(10);

    private final Database database;
    private final Cards cards;
    private final Ids ids;
    private final InstantSource clock;
    private final Duration lateness;
    private final Runnable told;
    private final TravellerStore travellers = new TravellerStore();
    private final ErasureStore store = new ErasureStore();
    private final EventLog events = new EventLog();
    private final AuditLog audit = new AuditLog();

    /**
     * @param lateness how long after its end a record may come
     * @param told to be called after the commit of what webhooks tell
     */
    public Erasures(Database database, Cards cards, Ids ids, InstantSource clock, Duration lateness, Runnable told) {
        this.database = requireNonNull(database, "database is null");
        this.cards = requireNonNull(cards, "cards is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.lateness = requireNonNull(lateness, "lateness is null");
        this.told = requireNonNull(told, "told is null");
    }

    /** Marks a subscription as one to be erased, in the caller's transaction of the worker role. */
    public Future<Erasure> begin(SqlConnection connection, int tenantId, long subscriptionId) {
        return travellers.hold(connection, tenantId, subscriptionId).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(new Erasure.Unknown());
            }
            Standing standing = found.get();
            return standing.refusal(clock.instant(), lateness)
                    .<Future<Erasure>>map(reason -> Future.succeededFuture(new Erasure.Refused(reason)))
                    .orElseGet(() -> standing.begunAt() != null
                            ? Future.succeededFuture(new Erasure.Begun(false))
                            : travellers
                                    .begin(connection, tenantId, subscriptionId, clock.instant())
                                    .map(new Erasure.Begun(true)));
        });
    }

    /** Does what was begun; nothing where it was done. */
    public Future<Void> complete(int tenantId, long subscriptionId) {
        return database.inWorker(connection -> travellers.toErase(connection, tenantId, subscriptionId))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : pieces(found.get())
                                .compose(done -> database.inWorker(connection -> finish(connection, found.get())))
                                .onSuccess(done -> told.run()));
    }

    /** Takes up what broke off; how many erasures that were. */
    public Future<Integer> resume() {
        Instant before = clock.instant().minus(BROKEN_OFF_AFTER);
        return database.inWorker(connection -> travellers.unfinished(connection, before, RESUMED_AT_ONCE))
                .compose(found -> {
                    Future<Void> done = Future.succeededFuture();
                    for (TravellerStore.Unfinished each : found) {
                        done = also(done, () -> complete(each.tenantId(), each.subscriptionId()));
                    }
                    return done.map(found.size());
                });
    }

    /** One that cannot be done is no reason to leave the next; that it could not is told in the end. */
    private static Future<Void> also(Future<Void> before, Supplier<Future<Void>> next) {
        return before.transform(last -> next.get()
                .compose(done -> last.succeeded() ? Future.succeededFuture() : Future.failedFuture(last.cause())));
    }

    private Future<Void> pieces(Traveller of) {
        Future<Void> done = Future.succeededFuture();
        for (String table : ErasureStore.LARGE) {
            done = done.compose(last -> all(connection -> store.large(connection, of, table)));
        }
        List<BiFunction<SqlConnection, Traveller, Future<Integer>>> others =
                List.of(store::told, store::events, store::messages, store::quarantined);
        for (BiFunction<SqlConnection, Traveller, Future<Integer>> each : others) {
            done = done.compose(last -> all(connection -> each.apply(connection, of)));
        }
        return done.compose(last -> Pieces.remove(database, connection -> store.month(connection, of), 1, MAX_PIECES))
                .mapEmpty();
    }

    private Future<Void> all(Function<SqlConnection, Future<Integer>> piece) {
        return Pieces.remove(database, piece, ErasureStore.PIECE, MAX_PIECES).mapEmpty();
    }

    private Future<Void> finish(SqlConnection connection, Traveller of) {
        return travellers
                .hold(connection, of.tenantId(), of.subscriptionId())
                .compose(found -> found.isEmpty()
                                || found.get().begunAt() == null
                                || found.get().erasedAt() != null
                        ? Future.succeededFuture()
                        : erase(connection, of));
    }

    private Future<Void> erase(SqlConnection connection, Traveller of) {
        Instant now = clock.instant();
        String subscription = PublicId.SUBSCRIPTION.format(of.subscriptionId());
        Event event = new Event(
                of.tenantId(),
                ids.next(Ids.shardOf(of.subscriptionId())),
                "subscription.erased",
                of.subscriptionId(),
                new JsonObject().put("subscription", subscription),
                now);
        AuditEntry entry = new AuditEntry(
                of.tenantId(), now, "system", "subscription.erased", subscription, null, null, Map.of(), null);
        return cards.forget(connection, of.tenantId(), of.profiles())
                .compose(done -> store.rest(connection, of, now))
                .compose(done -> events.append(connection, List.of(event)))
                .compose(done -> audit.append(connection, entry));
    }
}
