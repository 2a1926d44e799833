package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells PCFs that statuses changed (3GPP TS 29.594 §4.2.4, §4.2.5). A row is left in the transaction that changed the
 * account, and only where a status did change; what is sent is how the account is at the moment of sending.
 */
public final class SpendingNotices implements NfMessageSource {
    private static final String WHAT = "spending";
    private static final String NOTIFY = "notify";
    private static final String TERMINATE = "terminate";
    private static final String DISPLACE = "displace";

    private final Database database;
    private final Sealer sealer;
    private final Ids ids;
    private final InstantSource clock;
    private final RegisteredHosts hosts;
    private final SpendingLimitStore store = new SpendingLimitStore();

    /** @param hosts which hosts were registered for a partner */
    public SpendingNotices(Database database, Sealer sealer, Ids ids, InstantSource clock, RegisteredHosts hosts) {
        this.database = requireNonNull(database, "database is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.hosts = requireNonNull(hosts, "hosts is null");
    }

    /** Both kinds of notifications, each from where it is known. */
    public static NfMessageSource or(SpendingNotices spending, ChargingNotices sessions) {
        return new NfMessageSource() {
            @Override
            public Future<Optional<NfMessage>> find(int tenantId, long partnerId, long key, JsonObject payload) {
                return (payload.containsKey(WHAT) ? spending : sessions).find(tenantId, partnerId, key, payload);
            }

            @Override
            public Future<Boolean> isRegistered(long partnerId, String url) {
                return sessions.isRegistered(partnerId, url);
            }
        };
    }

    /**
     * Leaves notifications for accounts that changed.
     *
     * @param connection the worker's connection with the transaction open that changed them
     * @param changed whose counters may have moved
     * @param over those of them whose plan has ended: their subscriptions end
     */
    public Future<Void> append(
            SqlConnection connection, Outbox outbox, Collection<AccountKey> changed, Set<AccountKey> over, Instant at) {
        return store.ofAccounts(connection, changed, at).compose(subscriptions -> {
            List<SpendingLimitStore.Told> told = new ArrayList<>();
            List<OutboxRow> rows = new ArrayList<>();
            for (SpendingSubscription each : subscriptions) {
                String statuses = each.infos(at).encode();
                boolean ends = over.contains(each.account());
                if (ends || !statuses.equals(each.told())) {
                    told.add(new SpendingLimitStore.Told(each.account(), each.number(), statuses, ends));
                    rows.add(row(each, ends ? TERMINATE : NOTIFY, at));
                }
            }
            return leave(connection, outbox, told, rows);
        });
    }

    /**
     * Ends all subscriptions of an account whose SIM is lost: their PCFs know it by that SIM.
     *
     * @param connection the worker's connection with the transaction open that replaces the SIM and holds the account
     */
    public Future<Void> end(SqlConnection connection, Outbox outbox, AccountKey key, Instant at) {
        return store.ofAccounts(connection, List.of(key), at)
                .compose(subscriptions -> end(connection, outbox, subscriptions, TERMINATE, at));
    }

    /** Ends a subscription that gives way to another one: the subscriber is still there, which a cause would deny. */
    Future<Void> displace(SqlConnection connection, Outbox outbox, SpendingSubscription subscription, Instant at) {
        return end(connection, outbox, List.of(subscription), DISPLACE, at);
    }

    private Future<Void> end(
            SqlConnection connection,
            Outbox outbox,
            List<SpendingSubscription> subscriptions,
            String what,
            Instant at) {
        List<SpendingLimitStore.Told> told = subscriptions.stream()
                .map(each -> new SpendingLimitStore.Told(each.account(), each.number(), each.told(), true))
                .toList();
        return leave(
                connection,
                outbox,
                told,
                subscriptions.stream().map(each -> row(each, what, at)).toList());
    }

    private Future<Void> leave(
            SqlConnection connection, Outbox outbox, List<SpendingLimitStore.Told> told, List<OutboxRow> rows) {
        return rows.isEmpty()
                ? Future.succeededFuture()
                : store.told(connection, told).compose(done -> outbox.append(connection, rows));
    }

    private OutboxRow row(SpendingSubscription subscription, String what, Instant at) {
        AccountKey account = subscription.account();
        return new OutboxRow(
                account.tenantId(),
                ids.next(account.vshard()),
                Stream.CHARGING,
                subscription.partnerId(),
                subscription.number(),
                subscription.notices() + 1,
                new JsonObject().put("account", account.accountId()).put(WHAT, what),
                at);
    }

    @Override
    public Future<Optional<NfMessage>> find(int tenantId, long partnerId, long key, JsonObject payload) {
        ChargingRef ref = new ChargingRef(new AccountKey(tenantId, payload.getLong("account")), key);
        Instant now = clock.instant();
        return store.find(database.workerPool(), ref).compose(found -> {
            if (found.isEmpty() || !found.get().expiresAt().isAfter(now)) {
                return Future.succeededFuture(Optional.empty());
            }
            SpendingSubscription subscription = found.get();
            String what = payload.getString(WHAT);
            if (subscription.ended() && what.equals(NOTIFY)) {
                return Future.succeededFuture(Optional.empty());
            }
            JsonObject kept = new JsonObject(sealer.openText(SpendingLimits.aad(ref), subscription.context()));
            String url = kept.getString("notifUri") + (what.equals(NOTIFY) ? "/notify" : "/terminate");
            JsonObject body = switch (what) {
                case NOTIFY -> status(kept, subscription.infos(now), subscription.expiresAt());
                case DISPLACE -> named(kept);
                default -> named(kept).put("termCause", "REMOVED_SUBSCRIBER");
            };
            return hosts.isRegistered(partnerId, url)
                    .map(registered -> Optional.of(new NfMessage(url, registered, body)));
        });
    }

    /** A SpendingLimitStatus. */
    static JsonObject status(JsonObject kept, JsonObject infos, Instant expiresAt) {
        return named(kept).put("statusInfos", infos).put("expiry", expiresAt.toString());
    }

    /** Of whom a PCF is told, by its own name for the subscription. */
    private static JsonObject named(JsonObject kept) {
        JsonObject body = new JsonObject().put("supi", kept.getString("supi"));
        if (kept.containsKey("notifId")) {
            body.put("notifId", kept.getString("notifId"));
        }
        return body;
    }
}
