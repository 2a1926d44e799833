package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.subscription.ActivationCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out orders at another SM-DP+. Each turn (reserved, ready, failed) is one transaction; the calls run between
 * them without any. Whatever a crash leaves is taken up again when its lease ends, with the same identifiers.
 */
public final class ProfileOrderJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProfileOrderJob.class);
    private static final int MAX_IN_HAND = 8;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final GsmaStatus NUMBER_IN_USE =
            new GsmaStatus("8.2.1", "3.3", "The SM-DP+ gave a number that another profile has.");

    private final Vertx vertx;
    private final Database database;
    private final ProfileOrderStore store;
    private final SmDpPlus smdp;
    private final ExternalProfiles profiles;
    private final Profiles rows;
    private final FailedOrders failed;
    private final ProfileOrderListener listener;
    private final Terms terms;
    private final InstantSource clock;
    private long timer = -1;
    private boolean running;
    private boolean again;
    private volatile boolean closed;
    private @Nullable Promise<Void> drained;

    /**
     * How the job works.
     *
     * @param smdpAddress for activation codes, where the server does not say it
     * @param lease how long one order may be in hand, longer than its calls take
     * @param pollMs how often to look for due orders without being woken
     * @param pauseScale factor on the pauses between attempts; 1 but in tests
     */
    public record Terms(String smdpAddress, Duration lease, long pollMs, double pauseScale) {}

    /** A job; {@link #start} begins it. */
    public ProfileOrderJob(
            Vertx vertx,
            Database database,
            ProfileOrderStore store,
            SmDpPlus smdp,
            ExternalProfiles profiles,
            Profiles rows,
            ProfileOrderListener listener,
            Terms terms,
            InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.store = requireNonNull(store, "store is null");
        this.smdp = requireNonNull(smdp, "smdp is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.rows = requireNonNull(rows, "rows is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.terms = requireNonNull(terms, "terms is null");
        this.clock = requireNonNull(clock, "clock is null");
        ProfileReturns returns = new ProfileReturns(database, smdp, profiles);
        this.failed = new FailedOrders(database, store, returns, listener, clock, terms.pauseScale());
    }

    /** Begins to look for orders. */
    public synchronized void start() {
        timer = vertx.setPeriodic(terms.pollMs(), tick -> wake());
        wake();
    }

    /** Says that an order has been committed; from any thread. */
    public synchronized void wake() {
        if (closed) {
            return;
        }
        if (running) {
            again = true;
            return;
        }
        running = true;
        again = false;
        round().onComplete(done -> ended(done.failed() ? done.cause() : null, done.succeeded() && done.result() > 0));
    }

    private synchronized void ended(@Nullable Throwable failure, boolean more) {
        if (failure != null) {
            log.warn(
                    "orders at the SM-DP+ cannot be read: {}",
                    failure.getClass().getSimpleName());
        }
        running = false;
        if (drained != null) {
            drained.tryComplete();
        } else if (again || (more && failure == null)) {
            wake();
        }
    }

    /** Takes nothing more in hand; completes when what is in hand has been put down. */
    public synchronized Future<Void> stop() {
        closed = true;
        vertx.cancelTimer(timer);
        Promise<Void> end = Promise.promise();
        drained = end;
        if (!running) {
            end.complete();
        }
        return end.future();
    }

    @Override
    public void close() {
        stop();
    }

    private Future<Integer> round() {
        Instant now = clock.instant();
        return database.inWorker(connection -> store.claim(connection, MAX_IN_HAND, now, now.plus(terms.lease())))
                .compose(orders -> {
                    List<Future<Void>> all = orders.stream().map(this::carryOut).toList();
                    return Future.join(all).map(orders.size()).otherwise(orders.size());
                });
    }

    private Future<Void> carryOut(ProfileOrder order) {
        Future<Void> done = switch (order.phase()) {
            case WANTED -> reserve(order).recover(failure -> unanswered(order, failure));
            case RESERVED -> confirm(order).recover(failure -> unanswered(order, failure));
            case FAILED -> failed.attempt(order);
        };
        return done.onFailure(failure -> log.warn(
                "an order at the SM-DP+ was not put down: {}",
                failure.getClass().getSimpleName()));
    }

    private Future<Void> reserve(ProfileOrder order) {
        return smdp.downloadOrder(order.call("download"), null, null, order.profileType())
                .compose(outcome -> switch (outcome) {
                    case Outcome.Done<Iccid> done ->
                        turn(connection -> reserved(connection, order, done.value()))
                                .transform(written -> written.succeeded()
                                        ? goOn(order, done.value(), written.result())
                                        : notReserved(order, written.cause()));
                    case Outcome.Failed<Iccid> failed -> refused(order, failed.status());
                });
    }

    private Future<Void> goOn(ProfileOrder order, Iccid iccid, boolean written) {
        if (!written) {
            return Future.succeededFuture();
        }
        ProfileOrder reserved = order.reserved();
        return confirm(reserved, iccid, 0).recover(failure -> unanswered(reserved, failure));
    }

    /** The answer would be the same for hours, and to cancel the number could take the other profile's order back. */
    private Future<Void> notReserved(ProfileOrder order, Throwable failure) {
        if (!(failure instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState()))) {
            return Future.failedFuture(failure);
        }
        log.error("the SM-DP+ gave a number that another profile here has; look at the range of numbers it gives");
        return fail(order, NUMBER_IN_USE);
    }

    private Future<Boolean> reserved(SqlConnection connection, ProfileOrder order, Iccid iccid) {
        return store.reserved(connection, order)
                .compose(written -> written
                        ? profiles.reserved(
                                        connection,
                                        order.tenantId(),
                                        order.profileId(),
                                        order.profileType(),
                                        order.profileName(),
                                        iccid)
                                .compose(done ->
                                        listener.reserved(connection, order.tenantId(), order.profileId(), iccid))
                                .map(true)
                        : Future.succeededFuture(false));
    }

    private Future<Void> confirm(ProfileOrder order) {
        return database.inWorker(connection -> rows.find(connection, order.tenantId(), order.profileId()))
                .compose(found -> confirm(order, rows.iccid(found.orElseThrow()).reveal(), order.unanswered()));
    }

    private Future<Void> confirm(ProfileOrder order, Iccid iccid, int unanswered) {
        String matchingId = order.matchingId().reveal();
        return smdp.confirmOrder(order.call("confirm"), iccid, new Confirmation(null, matchingId, null, null, true))
                .compose(outcome -> switch (outcome) {
                    case Outcome.Done<SmDpPlus.ConfirmedOrder> done -> confirmed(order, done.value());
                    case Outcome.Failed<SmDpPlus.ConfirmedOrder> failed ->
                        unanswered > 0 && Repeated.isConfirmed(failed.status())
                                ? ready(order, matchingId, terms.smdpAddress())
                                : refused(order, failed.status());
                });
    }

    /** What no activation code can carry is not kept: everybody who asks for the code would fail over it. */
    private Future<Void> confirmed(ProfileOrder order, SmDpPlus.ConfirmedOrder confirmed) {
        String matchingId = confirmed.matchingId().reveal();
        String address = confirmed
                .smdpAddress()
                .filter(given -> ActivationCode.isValid(given, matchingId))
                .orElse(terms.smdpAddress());
        return ActivationCode.isValid(address, matchingId)
                ? ready(order, matchingId, address)
                : refused(order, ExternalDriver.UNUSABLE);
    }

    private Future<Void> ready(ProfileOrder order, String matchingId, String smdpAddress) {
        return turn(connection -> store.ready(connection, order, matchingId, smdpAddress)
                        .compose(written -> written
                                ? profiles.released(connection, order.tenantId(), order.profileId())
                                        .compose(
                                                done -> listener.ready(connection, order.tenantId(), order.profileId()))
                                        .map(true)
                                : Future.succeededFuture(false)))
                .mapEmpty();
    }

    private Future<Void> refused(ProfileOrder order, GsmaStatus refusal) {
        if (order.mayTryAgain(refusal)) {
            return database.inWorker(connection -> store.again(connection, order, next(order), refusal));
        }
        log.warn("the SM-DP+ refused an order: {}", refusal);
        return fail(order, refusal);
    }

    private Future<Void> unanswered(ProfileOrder order, Throwable failure) {
        log.warn(
                "an order at the SM-DP+ goes on later: {}",
                failure instanceof Es2Client.UnansweredException
                        ? failure.getMessage()
                        : failure.getClass().getSimpleName());
        return order.mayTryAgain()
                ? database.inWorker(connection -> store.again(connection, order, next(order), null))
                : fail(order, new GsmaStatus("1.2", "5.1", "The SM-DP+ did not answer for hours."));
    }

    /** A profile that was reserved is of no use then: the next round gives it back, and does what else is left. */
    private Future<Void> fail(ProfileOrder order, GsmaStatus reason) {
        return turn(connection -> store.failed(connection, order, reason, clock.instant())
                        .compose(written -> written
                                ? profiles.revoked(connection, order.tenantId(), order.profileId(), reason)
                                        .compose(done -> listener.failed(
                                                connection, order.tenantId(), order.profileId(), reason))
                                        .map(true)
                                : Future.succeededFuture(false)))
                .mapEmpty();
    }

    private Future<Boolean> turn(Function<SqlConnection, Future<Boolean>> work) {
        return database.inWorker(work).onSuccess(written -> listener.committed());
    }

    private Instant next(ProfileOrder order) {
        return order.nextAt(clock.instant(), terms.pauseScale());
    }
}
