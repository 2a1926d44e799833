package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.db.Database;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;

/**
 * What consumers of charging sessions are told (ChargingNotifyRequest, 3GPP TS 32.291 §6.1.6.2.1.3), as session and account are
 * at the moment of sending.
 */
public final class ChargingNotices implements NfMessageSource {
    /** Rating groups of one notification; without any it is about all. */
    private static final int MAX_GROUPS = 128;

    private final Database database;
    private final Sealer sealer;
    private final RegisteredHosts hosts;
    private final ChargingNoticeStore store = new ChargingNoticeStore();

    /** @param hosts which hosts were registered for a partner */
    public ChargingNotices(Database database, Sealer sealer, RegisteredHosts hosts) {
        this.database = requireNonNull(database, "database is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.hosts = requireNonNull(hosts, "hosts is null");
    }

    @Override
    public Future<Optional<NfMessage>> find(int tenantId, long partnerId, long key, JsonObject payload) {
        long accountId = payload.getLong("account");
        return store.find(database.workerPool(), tenantId, accountId, key).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            String url = sealer.openText(
                    Aad.of(tenantId, ConvergedCharging.TABLE, ConvergedCharging.NOTIFY_TO, accountId),
                    Base64.getDecoder().decode(found.get().notifyTo()));
            JsonObject body = ends(payload, found.get()) ? abort(found.get()) : askAgain(found.get());
            return hosts.isRegistered(partnerId, url)
                    .map(registered -> Optional.of(new NfMessage(url, registered, body)));
        });
    }

    @Override
    public Future<Boolean> isRegistered(long partnerId, String url) {
        return hosts.isRegistered(partnerId, url);
    }

    private static boolean ends(JsonObject payload, ChargingNoticeStore.Listening session) {
        return payload.getBoolean("abort")
                && (session.isSuspended() || !payload.getBoolean(WHILE_SUSPENDED, false))
                && (session.isToEnd() || !payload.getBoolean(WHILE_SILENT, false));
    }

    /** Who does not know the word hears only of the rating groups: the report that they call for is granted nothing. */
    private static JsonObject abort(ChargingNoticeStore.Listening session) {
        JsonObject body = new JsonObject().put("notificationType", "ABORT_CHARGING");
        return session.profile() == ChargingProfile.FREE5GC ? withGroups(body, session) : body;
    }

    /** Names the rating groups: some consumers ask again for those that are named and for no others. */
    private static JsonObject askAgain(ChargingNoticeStore.Listening session) {
        return withGroups(new JsonObject().put("notificationType", "REAUTHORIZATION"), session);
    }

    private static JsonObject withGroups(JsonObject body, ChargingNoticeStore.Listening session) {
        if (session.ratingGroups().isEmpty() || session.ratingGroups().size() > MAX_GROUPS) {
            return body;
        }
        JsonArray details = new JsonArray();
        session.ratingGroups().forEach(group -> details.add(new JsonObject().put("ratingGroup", group)));
        return body.put("reauthorizationDetails", details);
    }
}
