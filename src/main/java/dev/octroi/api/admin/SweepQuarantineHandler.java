package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.account.Actor;
import dev.octroi.usage.QuarantineFilter;
import dev.octroi.usage.QuarantineSweep;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * {@code POST /usage-quarantine/release} and {@code /drop}: many records by one act. Safe to repeat without a key, as for one
 * record.
 */
final class SweepQuarantineHandler implements OperationHandler {
    private static final int USUAL_LIMIT = 500;

    private final Sweeping sweeping;

    /** Releases or drops. */
    interface Sweeping {
        Future<QuarantineSweep> sweep(
                int tenantId, QuarantineFilter filter, long afterId, int limit, Actor actor, String reason);
    }

    SweepQuarantineHandler(Sweeping sweeping) {
        this.sweeping = sweeping;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        JsonObject body = call.body();
        JsonObject filter = body.getJsonObject("filter", new JsonObject());
        String after = body.getString("after");
        return sweeping.sweep(
                        AdminCalls.principal(call).tenantId(),
                        new QuarantineFilter(filter.getString("source"), filter.getString("reason")),
                        after == null ? 0 : PublicId.QUARANTINED.parse(after).orElseThrow(AdminCalls::notFound),
                        body.getInteger("limit", USUAL_LIMIT),
                        AccountCalls.actor(call),
                        Reasons.read(body))
                .map(done -> Reply.ok(write(done)));
    }

    private static JsonObject write(QuarantineSweep done) {
        Long last = done.last();
        return new JsonObject()
                .put("resolved", done.resolved())
                .put("left", done.left())
                .put("after", last == null ? null : PublicId.QUARANTINED.format(last));
    }
}
