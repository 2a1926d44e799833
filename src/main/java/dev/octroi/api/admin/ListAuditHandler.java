package dev.octroi.api.admin;

import dev.octroi.audit.AuditLog;
import dev.octroi.audit.AuditRow;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;

/** {@code GET /tenants/{tenantId}/audit}. */
final class ListAuditHandler implements OperationHandler {
    private final AdminCalls calls;
    private final AuditLog audit;
    private final Cursors cursors;

    ListAuditHandler(AdminCalls calls, AuditLog audit, Cursors cursors) {
        this.calls = calls;
        this.audit = audit;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        // The log gives at most 200 rows, and one more than shown is needed to know whether there is another page.
        int limit = Math.min(AdminCalls.limit(call), 199);
        String object = call.query("objectId").orElse("");
        String list = object.isEmpty() ? tenantId + "/audit" : tenantId + "/audit/" + object;
        long before = cursors.after(call, list).map(Cursors.Position::id).orElse(Long.MAX_VALUE);
        return calls.run(connection -> object.isEmpty()
                        ? audit.newest(connection, tenantId, before, limit + 1)
                        : audit.newestOf(connection, tenantId, object, before, limit + 1))
                .map(rows -> Page.reply(
                        call,
                        rows,
                        limit,
                        cursors,
                        list,
                        ListAuditHandler::json,
                        row -> new Cursors.Position("", row.seq())));
    }

    private static JsonObject json(AuditRow row) {
        return new JsonObject()
                .put("seq", row.seq())
                .put("entry", new JsonObject(row.entry()))
                .put("prev", HexFormat.of().formatHex(row.prev()))
                .put("hash", HexFormat.of().formatHex(row.hash()));
    }
}
