package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.usage.Quarantine;
import io.vertx.core.Future;

/** {@code GET /usage-quarantine/{recordId}}. */
final class GetQuarantinedHandler implements OperationHandler {
    private final Quarantine quarantine;

    GetQuarantinedHandler(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return quarantine
                .find(AdminCalls.principal(call).tenantId(), QuarantineApi.recordId(call))
                .map(found -> Reply.ok(QuarantinedJson.write(found.orElseThrow(AdminCalls::notFound))));
    }
}
