package dev.octroi.api.reseller;

import dev.octroi.catalog.ZoneStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /zones/{zoneId}}. */
final class GetZoneHandler implements OperationHandler {
    private final TenantCalls calls;
    private final ZoneStore zones;

    GetZoneHandler(TenantCalls calls, ZoneStore zones) {
        this.calls = calls;
        this.zones = zones;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.zone(call);
        return calls.run(
                call,
                (connection, caller) -> zones.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .map(zone -> Reply.ok(ZoneJson.write(zone)).withHeader("ETag", ETags.of(zone.version()))));
    }
}
