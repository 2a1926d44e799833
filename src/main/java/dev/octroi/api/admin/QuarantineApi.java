package dev.octroi.api.admin;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.usage.Quarantine;
import java.util.Map;

/** The operations of the admin API on records that could not be counted, by operationId. */
final class QuarantineApi {
    private QuarantineApi() {}

    /** The handlers, for {@link AdminApi}. */
    static Map<String, OperationHandler> handlers(Quarantine quarantine, Cursors cursors) {
        return Map.of(
                "listQuarantined", new ListQuarantinedHandler(quarantine, cursors),
                "getQuarantined", new GetQuarantinedHandler(quarantine),
                "releaseQuarantined", new ResolveQuarantinedHandler(quarantine::release),
                "dropQuarantined", new ResolveQuarantinedHandler(quarantine::drop),
                "releaseManyQuarantined", new SweepQuarantineHandler(quarantine::releaseMany),
                "dropManyQuarantined", new SweepQuarantineHandler(quarantine::dropMany));
    }

    /** The contract has checked the form; 65 bits in it are nobody's identifier. */
    static long recordId(ApiCall call) {
        return PublicId.QUARANTINED.parse(call.path("recordId")).orElseThrow(AdminCalls::notFound);
    }
}
