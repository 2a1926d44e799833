package dev.octroi.api.admin;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.rsp.order.StockStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** {@code GET /tenants/{tenantId}/profiles}. */
final class ListProfilesHandler implements OperationHandler {
    private static final int SHOWN_DIGITS = 4;

    private final AdminCalls calls;
    private final StockStore stock;
    private final Cursors cursors;

    ListProfilesHandler(AdminCalls calls, StockStore stock, Cursors cursors) {
        this.calls = calls;
        this.stock = stock;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        String type = call.query("profileType").orElse("");
        String state = call.query("state").orElse("");
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/profiles/" + type + "/" + state;
        long after = cursors.after(call, list).map(Cursors.Position::id).orElse(0L);
        return calls.run(connection -> calls.requireTenant(connection, tenantId)
                        .compose(found -> stock.list(connection, tenantId, type, state, after, limit + 1)))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        list,
                        ListProfilesHandler::json,
                        profile -> new Cursors.Position("", profile.id())));
    }

    private static JsonObject json(StockStore.Listed profile) {
        return new JsonObject()
                .put("id", PublicId.PROFILE.format(profile.id()))
                .put("profileType", profile.profileType())
                .put("typeVersion", profile.typeVersion())
                .put("state", profile.status().state().text())
                .put("cardState", profile.status().presence().text())
                .put("iccid", masked(profile.iccid().reveal()))
                .put("createdAt", profile.createdAt().toString());
    }

    private static String masked(String digits) {
        int hidden = digits.length() - SHOWN_DIGITS;
        return "*".repeat(hidden) + digits.substring(hidden);
    }
}
