package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.Outbox;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.Pieces;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.secret.Aad;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Nchf_SpendingLimitControl (3GPP TS 29.594): PCFs hear of the policy counters of an account. */
public final class SpendingLimits {
    static final String TABLE = "spending_limit";
    static final String CONTEXT = "context";

    /** Subscriptions of one account at a time. */
    private static final int MAX_SUBSCRIPTIONS = 16;
    /** No subscription lasts longer without being renewed; nor does one that names no end. */
    private static final Duration LONGEST = Duration.ofDays(60);

    /** What has expired is known for this long. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int MAX_ROWS = 2_000;
    private static final int MAX_PIECES = 50;

    private final Database database;
    private final BlindIndex index;
    private final Sealer sealer;
    private final Ids ids;
    private final InstantSource clock;
    private final SpendingNotices notices;
    private final Outbox outbox = new Outbox();
    private final AccountLinkStore links = new AccountLinkStore();
    private final SpendingLimitStore store = new SpendingLimitStore();

    public SpendingLimits(
            Database database, BlindIndex index, Sealer sealer, Ids ids, InstantSource clock, SpendingNotices notices) {
        this.database = requireNonNull(database, "database is null");
        this.index = requireNonNull(index, "index is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.notices = requireNonNull(notices, "notices is null");
    }

    /**
     * A subscription as it is.
     *
     * @param id the subscriptionId
     * @param body the SpendingLimitStatus
     */
    public record Subscribed(String id, JsonObject body) {}

    /** Subscribes; a failed future carries {@link NfProblem.RefusedException} where the request is at fault. */
    public Future<Subscribed> subscribe(NfConsumer consumer, byte[] body) {
        SpendingContext context = SpendingContext.read(body);
        return account(consumer, context)
                .compose(key -> put(consumer, new ChargingRef(key, ids.next(key.vshard())), context, true));
    }

    /** Replaces a subscription. */
    public Future<Subscribed> modify(NfConsumer consumer, String id, byte[] body) {
        Element said = Element.of(body);
        ChargingRef ref = ref(consumer, id);
        return live(database.workerPool(), consumer, ref).compose(own -> {
            SpendingContext context = SpendingContext.read(said, kept(own).orElseGet(JsonObject::new));
            return account(consumer, context)
                    .compose(key -> key.equals(ref.account())
                            ? put(consumer, ref, context, false)
                            : Future.failedFuture(NfProblem.userUnknown().refuse()));
        });
    }

    /** Ends a subscription. */
    public Future<Void> unsubscribe(NfConsumer consumer, String id) {
        return store.remove(database.workerPool(), ref(consumer, id), consumer.partnerId())
                .compose(removed -> removed
                        ? Future.succeededFuture()
                        : Future.failedFuture(NfProblem.contextNotFound().refuse()));
    }

    /** Forgets subscriptions of accounts that nobody subscribes for again, at most 100,000 at a time; how many those were. */
    public Future<Integer> forget() {
        Instant before = clock.instant().minus(KEPT);
        return Pieces.remove(database, connection -> store.forget(connection, before, MAX_ROWS), MAX_ROWS, MAX_PIECES);
    }

    private Future<Subscribed> put(NfConsumer consumer, ChargingRef ref, SpendingContext context, boolean isNew) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant latest = now.plus(LONGEST);
        Instant expiresAt = context.expiry().filter(at -> at.isBefore(latest)).orElse(latest);
        if (!expiresAt.isAfter(now)) {
            return Future.failedFuture(
                    new NfProblem(400, "OPTIONAL_IE_INCORRECT", "The expiry lies in the past.", Optional.of("/expiry"))
                            .refuse());
        }
        return database.inWorker(connection -> store.lock(connection, ref.account())
                .compose(locked -> linked(connection, context, ref.account()))
                .compose(linked -> isNew
                        ? place(connection, consumer, ref, context, now)
                        : live(connection, consumer, ref).map(own -> ref))
                .compose(at -> write(connection, consumer, at, context, expiresAt, now)));
    }

    private Future<Subscribed> write(
            SqlConnection connection,
            NfConsumer consumer,
            ChargingRef ref,
            SpendingContext context,
            Instant expiresAt,
            Instant now) {
        byte[] sealed = sealer.seal(aad(ref), context.kept().encode().getBytes(StandardCharsets.UTF_8));
        return store.state(connection, ref.account()).compose(found -> {
            CounterState state = found.orElseThrow(() -> NfProblem.userUnknown().refuse());
            JsonObject infos = SpendingSubscription.infos(context.counters(), state, now);
            return store.put(
                            connection,
                            ref,
                            consumer.partnerId(),
                            sealed,
                            context.counters(),
                            expiresAt,
                            infos.encode())
                    .map(new Subscribed(ref.text(), answer(context, infos, expiresAt)));
        });
    }

    /** Where a new subscription goes: a PCF whose request comes again, because its answer was lost, has it already. */
    private Future<ChargingRef> place(
            SqlConnection connection, NfConsumer consumer, ChargingRef ref, SpendingContext context, Instant now) {
        return store.ofAccounts(connection, List.of(ref.account()), now).compose(all -> {
            Optional<ChargingRef> same = all.stream()
                    .filter(each -> each.partnerId() == consumer.partnerId() && isAgain(each, context))
                    .map(each -> new ChargingRef(each.account(), each.number()))
                    .findFirst();
            return same.isPresent()
                    ? Future.succeededFuture(same.get())
                    : room(connection, ref.account(), now).map(ref);
        });
    }

    /** Who gives its subscriptions no names may want several at one address. */
    private boolean isAgain(SpendingSubscription subscription, SpendingContext context) {
        return context.notifId().isPresent()
                && kept(subscription).filter(context.kept()::equals).isPresent();
    }

    /** Empty where its key was destroyed, or it was altered: no reason to refuse another one. */
    private Optional<JsonObject> kept(SpendingSubscription subscription) {
        try {
            return Optional.of(new JsonObject(sealer.openText(
                    aad(new ChargingRef(subscription.account(), subscription.number())), subscription.context())));
        } catch (SealBrokenException e) {
            return Optional.empty();
        }
    }

    /** Whoever replaces a SIM holds the account while it does: whose the SIM is is sure only now. */
    private Future<Void> linked(SqlConnection connection, SpendingContext context, AccountKey key) {
        return links.ofImsi(connection, imsi(context))
                .compose(found -> found.filter(key::equals).isPresent()
                        ? Future.succeededFuture()
                        : Future.failedFuture(NfProblem.userUnknown().refuse()));
    }

    /** A PCF that was restarted may leave subscriptions behind that nobody wants any more. */
    private Future<Void> room(SqlConnection connection, AccountKey key, Instant now) {
        return store.prune(connection, key, now)
                .compose(live -> live < MAX_SUBSCRIPTIONS
                        ? Future.succeededFuture(Optional.<SpendingSubscription>empty())
                        : store.dispensable(connection, key, now))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : notices.displace(connection, outbox, found.get(), now));
    }

    private Future<SpendingSubscription> live(SqlClient client, NfConsumer consumer, ChargingRef ref) {
        return store.find(client, ref)
                .map(found -> found.filter(each -> each.partnerId() == consumer.partnerId() && isLive(each))
                        .orElseThrow(() -> NfProblem.contextNotFound().refuse()));
    }

    /** Of the optional features of TS 29.594 none is supported, which who names its own is told (TS 29.500 §6.6.2). */
    private static JsonObject answer(SpendingContext context, JsonObject infos, Instant expiresAt) {
        JsonObject status = SpendingNotices.status(context.kept(), infos, expiresAt);
        return context.namesFeatures() ? status.put("supportedFeatures", "0") : status;
    }

    private boolean isLive(SpendingSubscription subscription) {
        return !subscription.ended() && subscription.expiresAt().isAfter(clock.instant());
    }

    private Future<AccountKey> account(NfConsumer consumer, SpendingContext context) {
        if (!consumer.coversImsi().test(context.imsi())) {
            return Future.failedFuture(NfProblem.userUnknown().refuse());
        }
        return links.ofImsi(database.workerPool(), imsi(context))
                .map(found -> found.filter(key -> consumer.servesTenant().test(key.tenantId()))
                        .orElseThrow(() -> NfProblem.userUnknown().refuse()));
    }

    private byte[] imsi(SpendingContext context) {
        return index.network(IdentifierKind.IMSI, context.imsi());
    }

    private static ChargingRef ref(NfConsumer consumer, String id) {
        return ChargingRef.of(id)
                .filter(ref -> consumer.servesTenant().test(ref.account().tenantId()))
                .orElseThrow(() -> NfProblem.contextNotFound().refuse());
    }

    static Aad aad(ChargingRef ref) {
        return Aad.of(ref.account().tenantId(), TABLE, CONTEXT, ref.number());
    }
}
