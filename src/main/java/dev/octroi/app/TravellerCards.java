package dev.octroi.app;

import dev.octroi.privacy.Cards;
import dev.octroi.rsp.order.ProfileErasures;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.Profiles;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** What the profiles of this installation say of a traveller, wherever they were made. */
final class TravellerCards implements Cards {
    private final Profiles profiles;
    private final ProfileErasures erasures;

    TravellerCards(Profiles profiles, ProfileErasures erasures) {
        this.profiles = profiles;
        this.erasures = erasures;
    }

    @Override
    public Future<JsonObject> identifiers(SqlConnection connection, int tenantId, long profileId) {
        return profiles.find(connection, tenantId, profileId)
                .map(found -> found.map(this::numbers).orElseGet(JsonObject::new));
    }

    private JsonObject numbers(ProfileRow row) {
        JsonObject json =
                new JsonObject().put("iccid", profiles.iccid(row).reveal().digits());
        profiles.imsi(row).ifPresent(imsi -> json.put("imsi", imsi.reveal()));
        profiles.eid(row).ifPresent(eid -> json.put("eid", eid.reveal().digits()));
        profiles.matchingId(row).ifPresent(code -> json.put("matchingId", code.reveal()));
        return json;
    }

    @Override
    public Future<Void> forget(SqlConnection connection, int tenantId, List<Long> ids) {
        return erasures.forget(connection, tenantId, ids);
    }
}
