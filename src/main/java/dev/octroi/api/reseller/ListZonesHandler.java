package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /zones}. */
final class ListZonesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final ZoneStore zones;

    ListZonesHandler(TenantCalls calls, ZoneStore zones) {
        this.calls = calls;
        this.zones = zones;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.page(call, "zones", zones::list, Zone::id, ZoneJson::write);
    }
}
