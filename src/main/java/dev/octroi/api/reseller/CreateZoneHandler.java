package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.InstantSource;

/** {@code POST /zones}. */
final class CreateZoneHandler implements OperationHandler {
    private final TenantCalls calls;
    private final ZoneStore zones;
    private final Ids ids;
    private final InstantSource clock;

    CreateZoneHandler(TenantCalls calls, ZoneStore zones, Ids ids, InstantSource clock) {
        this.calls = calls;
        this.zones = zones;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.once(call, (connection, caller) -> {
            Zone zone = ZoneJson.read(call.body(), ids.next(), 1, clock.instant());
            return zones.insert(connection, caller.tenantId(), zone)
                    .compose(inserted -> ZoneJson.audit(calls, connection, caller, zone))
                    .map(kept -> Reply.created("/v1/zones/" + PublicId.ZONE.format(zone.id()), ZoneJson.write(zone))
                            .withHeader("ETag", ETags.of(zone.version())));
        });
    }
}
