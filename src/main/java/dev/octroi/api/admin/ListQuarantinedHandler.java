package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.usage.Quarantine;
import dev.octroi.usage.QuarantinedRecord;
import io.vertx.core.Future;
import java.util.Locale;

/** {@code GET /usage-quarantine}: the caller's tenant's; the operator sees all. */
final class ListQuarantinedHandler implements OperationHandler {
    private final Quarantine quarantine;
    private final Cursors cursors;

    ListQuarantinedHandler(Quarantine quarantine, Cursors cursors) {
        this.quarantine = quarantine;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.principal(call).tenantId();
        String status = call.query("status").orElse("waiting");
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/usage-quarantine/" + status;
        long after = cursors.after(call, list).map(Cursors.Position::id).orElse(0L);
        return quarantine
                .list(tenantId, QuarantinedRecord.Status.valueOf(status.toUpperCase(Locale.ROOT)), after, limit + 1)
                .map(rows -> Page.reply(
                        call,
                        rows,
                        limit,
                        cursors,
                        list,
                        QuarantinedJson::write,
                        row -> new Cursors.Position("", row.id())));
    }
}
