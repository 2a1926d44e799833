package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.InstantSource;

/** {@code PUT /zones/{zoneId}}: publishes the next version. Plans take it when they are published again. */
final class ReplaceZoneHandler implements OperationHandler {
    private final TenantCalls calls;
    private final ZoneStore zones;
    private final InstantSource clock;

    ReplaceZoneHandler(TenantCalls calls, ZoneStore zones, InstantSource clock) {
        this.calls = calls;
        this.zones = zones;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.zone(call);
        // Refused before anything is read when the tag is missing.
        ETags.requireVersion(call);
        return calls.run(
                call,
                (connection, caller) -> zones.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .compose(current -> {
                            ETags.requireMatch(call, current.version());
                            Zone next = ZoneJson.read(call.body(), id, current.version() + 1, clock.instant());
                            return zones.insert(connection, caller.tenantId(), next)
                                    .compose(inserted -> inserted
                                            ? ZoneJson.audit(calls, connection, caller, next)
                                            // Somebody else published this version between our read and our write.
                                            : Future.failedFuture(ETags.stale(next.version())))
                                    .map(kept -> Reply.ok(ZoneJson.write(next))
                                            .withHeader("ETag", ETags.of(next.version())));
                        }));
    }
}
