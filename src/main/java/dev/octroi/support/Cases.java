package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cases and their settlement. A settlement is noted first, then carried out on the account, then finished: when the
 * gateway dies in between, {@link #finishInterrupted} does the rest, and the account knows the credit by the case, so it
 * is given once.
 */
public final class Cases {
    private static final int MAX_PAGE = 201;
    private static final int UNFINISHED = 100;
    private static final int ALARMS_OF_ONE = 50;

    private final Database database;
    private final Accounts accounts;
    private final AuditLog audit;
    private final EventLog events;
    private final Ids ids;
    private final InstantSource clock;
    private final CaseStore store = new CaseStore();
    private final AlarmReadStore alarms = new AlarmReadStore();

    public Cases(Database database, Accounts accounts, AuditLog audit, EventLog events, Ids ids, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.audit = requireNonNull(audit, "audit is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** One case; tenant 0: of whatever tenant. */
    public Future<Optional<SupportCase>> find(int tenantId, long id) {
        return database.inWorker(connection -> store.find(connection, tenantId, id));
    }

    /** The same within a transaction of the worker role. */
    public Future<Optional<SupportCase>> find(SqlConnection connection, int tenantId, long id) {
        return store.find(connection, tenantId, id);
    }

    /**
     * Cases, newest first.
     *
     * @param tenantId 0: of all tenants
     * @param state empty: in any
     * @param subscriptionId 0: of all
     * @param beforeId only older ones; {@link Long#MAX_VALUE} for the first page
     * @param limit 1 to 201
     */
    public Future<List<SupportCase>> list(int tenantId, String state, long subscriptionId, long beforeId, int limit) {
        return database.inWorker(connection ->
                store.list(connection, tenantId, state, subscriptionId, beforeId, Math.clamp(limit, 1, MAX_PAGE)));
    }

    /** Alarms, newest first; parameters as for {@link #list}. */
    public Future<List<Alarm>> alarms(int tenantId, String state, long subscriptionId, long beforeId, int limit) {
        return database.inWorker(connection ->
                alarms.queue(connection, tenantId, state, subscriptionId, beforeId, Math.clamp(limit, 1, MAX_PAGE)));
    }

    /** How alarms were answered so far, by kind; tenant 0: of all tenants. */
    public Future<List<KindPrecision>> precision(int tenantId) {
        return database.inWorker(connection -> alarms.precision(connection, tenantId));
    }

    /** The newest alarms of one subscription, at most 50. */
    public Future<List<Alarm>> alarmsOf(int tenantId, long subscriptionId) {
        return database.inWorker(
                connection -> alarms.ofSubscription(connection, tenantId, subscriptionId, ALARMS_OF_ONE));
    }

    /**
     * What a traveller hears of a subscription's alarms and cases.
     *
     * @param alarms the newest, at most 50
     * @param settled the case that was settled last; empty where none was
     */
    public record Heard(List<Alarm> alarms, Optional<SupportCase> settled) {
        public Heard {
            alarms = List.copyOf(alarms);
            requireNonNull(settled, "settled is null");
        }
    }

    /** What the traveller of a subscription hears of its alarms and cases, read in one transaction. */
    public Future<Heard> heardOf(int tenantId, long subscriptionId) {
        return database.inWorker(connection -> alarms.ofSubscription(
                        connection, tenantId, subscriptionId, ALARMS_OF_ONE)
                .compose(found -> store.lastSettled(connection, tenantId, subscriptionId)
                        .map(settled -> new Heard(found, settled))));
    }

    /**
     * Settles a case: gives volume back and lifts the suspension for drained data, as the settlement says and as far as the one
     * who settles may.
     *
     * @param tenantId the tenant of the one who settles; 0: the operator, for a case of any tenant
     */
    public Future<CaseOutcome> settle(int tenantId, long id, Settlement settlement, Actor actor) {
        return database.inWorker(connection -> store.find(connection, tenantId, id)
                        .compose(found -> found.isEmpty()
                                ? Future.succeededFuture(found)
                                : store.begin(connection, found.get(), settlement, actor.written())
                                        .compose(begun -> store.find(connection, tenantId, id))))
                .compose(found -> {
                    if (found.isEmpty()) {
                        return Future.succeededFuture(new CaseOutcome.Unknown());
                    }
                    SupportCase now = found.get();
                    return now.state().equals("resolved") || !settlement.isNotedIn(now)
                            ? Future.succeededFuture(new CaseOutcome.AlreadySettled(now))
                            : carryOut(now, settler(now).equals(actor.written()) ? actor : decider(now));
                });
    }

    /**
     * Finishes settlements that broke off; for the start of the gateway and a slow job. Returns how many there were. One that cannot be
     * carried out keeps no other one waiting; that there are such is the failure at the end.
     */
    public Future<Integer> finishInterrupted() {
        return finishAfter(Optional.empty(), new Interrupted(0, null));
    }

    /** How many there were so far, and why the first one failed. */
    private record Interrupted(int count, @Nullable Throwable failure) {
        Interrupted and(SupportCase tried, AsyncResult<?> done) {
            return new Interrupted(
                    count + 1,
                    failure == null && done.failed()
                            ? new IllegalStateException(
                                    PublicId.CASE.format(tried.id()) + " was not settled", done.cause())
                            : failure);
        }
    }

    private Future<Integer> finishAfter(Optional<SupportCase> last, Interrupted before) {
        return store.unfinished(database.workerPool(), last, UNFINISHED).compose(cases -> {
            Future<Interrupted> all = Future.succeededFuture(before);
            for (SupportCase each : cases) {
                all = all.compose(sofar ->
                        carryOut(each, decider(each)).transform(done -> Future.succeededFuture(sofar.and(each, done))));
            }
            return all.compose(sofar -> {
                if (cases.size() == UNFINISHED) {
                    return finishAfter(Optional.of(cases.getLast()), sofar);
                }
                return sofar.failure() == null
                        ? Future.succeededFuture(sofar.count())
                        : Future.failedFuture(sofar.failure());
            });
        });
    }

    private static String settler(SupportCase noted) {
        return String.valueOf(noted.resolvedBy());
    }

    /** Whoever carries it out: what is done is what the one who settled may do. */
    private static Actor decider(SupportCase noted) {
        return Actor.read(settler(noted)).orElseGet(() -> Actor.system("cases"));
    }

    private Future<CaseOutcome> carryOut(SupportCase noted, Actor actor) {
        Settlement settlement = Settlement.notedIn(noted);
        return store.account(database.workerPool(), noted.tenantId(), noted.subscriptionId())
                .compose(account -> account.isEmpty()
                        ? Future.succeededFuture(Optional.of(
                                new Outcome.Refused(Refusal.UNKNOWN_ACCOUNT, "The subscription has no account")))
                        : store.isAnsweredByTheTraveller(database.workerPool(), noted)
                                .compose(answered -> submit(
                                        new AccountKey(noted.tenantId(), account.getAsLong()),
                                        noted,
                                        settlement,
                                        answered,
                                        actor)))
                .compose(refused ->
                        refused.isPresent() ? giveUp(noted, refused.get()) : finish(noted, settlement, actor));
    }

    /** An account that is busy for the moment refuses nothing: what is noted is carried out later, as if it had broken off. */
    private Future<CaseOutcome> giveUp(SupportCase noted, Outcome.Refused refused) {
        return refused.code() == Refusal.BUSY
                ? Future.succeededFuture(new CaseOutcome.Refused(refused))
                : database.inWorker(connection -> store.reopen(connection, noted))
                        .map(reopened -> new CaseOutcome.Refused(refused));
    }

    /**
     * Learn, lift, give back, in this order; each may be done twice without harm. What is given back was a drain, unless the
     * traveller has said what it was, or the one who settles does; that data is let go says nothing of what it was for. A case of an alarm lifts what holds for
     * that alarm: a later one has a case of its own. What is given back comes last: a case opens again where a step is refused, and
     * another amount may be noted then.
     *
     * @param isAnswered whether the traveller has answered the alarm, who alone knows
     */
    private Future<Optional<Outcome.Refused>> submit(
            AccountKey key, SupportCase noted, Settlement settlement, boolean isAnswered, Actor actor) {
        boolean givesBack = settlement.creditBytes() > 0;
        Future<Optional<Outcome.Refused>> done = Future.succeededFuture(Optional.empty());
        boolean isDrain = settlement.meant() == null && givesBack && !isAnswered;
        Boolean meant = isDrain ? Boolean.FALSE : settlement.meant();
        if (noted.incident().isPresent() && meant != null) {
            AccountCommand feedback =
                    new AccountCommand.AlarmFeedback(noted.incident().getAsInt(), meant, actor);
            done = accounts.submit(key, feedback).map(Cases::refusal).map(Cases::ifBusy);
        }
        if (settlement.lift()) {
            done = next(done, key, lift(noted, settlement, actor)).map(Cases::unlessNothingHeld);
        }
        if (givesBack) {
            String reference = PublicId.CASE.format(noted.id());
            done = next(
                    done,
                    key,
                    new AccountCommand.Credit(settlement.creditBytes(), reference, settlement.reason(), actor));
        }
        return done;
    }

    private static AccountCommand lift(SupportCase noted, Settlement settlement, Actor actor) {
        return noted.incident().isPresent()
                ? new AccountCommand.LiftIncident(noted.incident().getAsInt(), settlement.reason(), actor)
                : new AccountCommand.Lift(null, RestrictionClass.DRAIN, settlement.reason(), actor);
    }

    private Future<Optional<Outcome.Refused>> next(
            Future<Optional<Outcome.Refused>> before, AccountKey key, AccountCommand command) {
        return before.compose(refused -> refused.isPresent()
                ? Future.succeededFuture(refused)
                : accounts.submit(key, command).map(Cases::refusal));
    }

    private Future<CaseOutcome> finish(SupportCase noted, Settlement settlement, Actor actor) {
        Instant now = clock.instant();
        return database.inWorker(connection -> store.finish(connection, noted, settlement.alarmState(), now)
                        .compose(finish -> switch (finish) {
                            case BEFORE -> Future.<Void>succeededFuture();
                            case SETTLED -> tell(connection, noted, settlement, actor, now);
                            case OUTGROWN ->
                                openAnother(connection, noted, now)
                                        .compose(opened -> tell(connection, noted, settlement, actor, now));
                        })
                        .compose(told -> store.find(connection, noted.tenantId(), noted.id())))
                .map(found -> new CaseOutcome.Settled(found.orElse(noted)));
    }

    /** The alarm grew while it was settled: who settled it knew the milder hold. */
    private Future<Void> openAnother(SqlConnection connection, SupportCase settled, Instant now) {
        long id = ids.next(Ids.shardOf(settled.id()));
        Event event = CaseEvents.opened(settled.tenantId(), id, settled.subscriptionId(), settled.kind(), now);
        return store.another(connection, settled, id, now).compose(opened -> events.append(connection, List.of(event)));
    }

    /** The audit is appended last: it locks the end of the tenant's chain. */
    private Future<Void> tell(
            SqlConnection connection, SupportCase noted, Settlement settlement, Actor actor, Instant now) {
        Event event = CaseEvents.resolved(noted, ids.next(Ids.shardOf(noted.id())), settlement, now);
        return events.append(connection, List.of(event))
                .compose(appended -> audit.append(
                        connection,
                        new AuditEntry(
                                noted.tenantId(),
                                now,
                                actor.written(),
                                "case.settled",
                                PublicId.CASE.format(noted.id()),
                                settlement.reason(),
                                null,
                                Map.of(
                                        "resolution", settlement.word(),
                                        "creditBytes", settlement.creditBytes(),
                                        "lift", settlement.lift(),
                                        "subscription", PublicId.SUBSCRIPTION.format(noted.subscriptionId())),
                                actor.tokenId())));
    }

    private static Optional<Outcome.Refused> refusal(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused ? Optional.of(refused) : Optional.empty();
    }

    private static Optional<Outcome.Refused> ifBusy(Optional<Outcome.Refused> refused) {
        return refused.filter(each -> each.code() == Refusal.BUSY);
    }

    private static Optional<Outcome.Refused> unlessNothingHeld(Optional<Outcome.Refused> refused) {
        return refused.filter(each -> each.code() != Refusal.NOTHING_HELD);
    }
}
