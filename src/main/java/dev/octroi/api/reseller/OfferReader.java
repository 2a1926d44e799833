package dev.octroi.api.reseller;

import dev.octroi.catalog.PlanOffer;
import dev.octroi.subscription.ProfileSource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;

/** Reads what a plan's body offers, with the zones and the profile type that it names. */
final class OfferReader {
    private final ZoneCaps caps;
    private final ZoneTariffs tariffs;
    private final ProfileSource profiles;

    OfferReader(ZoneCaps caps, ZoneTariffs tariffs, ProfileSource profiles) {
        this.caps = caps;
        this.tariffs = tariffs;
        this.profiles = profiles;
    }

    /** Fails with 422 when the body makes no plan, or names what the tenant does not have. */
    Future<PlanOffer> read(SqlConnection connection, int tenantId, JsonObject body) {
        return caps.read(connection, tenantId, body)
                .compose(zoneCaps -> tariffs.read(connection, tenantId, body)
                        .map(zoneTariffs -> PlanJson.read(body, zoneCaps, zoneTariffs)))
                .compose(offer -> {
                    String profileType = offer.profileType();
                    return profileType == null
                            ? Future.succeededFuture(offer)
                            : profiles.isStocked(connection, tenantId, profileType)
                                    .compose(stocked -> stocked
                                            ? Future.succeededFuture(offer)
                                            : Future.failedFuture(Refusals.unprocessable(
                                                    "unknown_profile_type",
                                                    "There is no such profile type, or it is retired")));
                });
    }
}
