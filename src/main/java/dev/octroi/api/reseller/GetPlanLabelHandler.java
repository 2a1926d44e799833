package dev.octroi.api.reseller;

import dev.octroi.catalog.LabelPage;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /plans/{planId}/label}: any version, as JSON or as a page. */
final class GetPlanLabelHandler implements OperationHandler {
    private static final List<String> OFFERED = List.of("application/json", "text/html");

    private final TenantCalls calls;
    private final PlanStore plans;

    GetPlanLabelHandler(TenantCalls calls, PlanStore plans) {
        this.calls = calls;
        this.plans = plans;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.plan(call);
        Locale locale = Locale.of(call.query("lang").orElse("en"));
        return calls.run(
                call,
                (connection, caller) -> find(call, connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .map(plan -> reply(call, plan, locale)));
    }

    private Future<Optional<Plan>> find(ApiCall call, SqlConnection connection, int tenantId, long id) {
        int version = call.queryInt("version", 0);
        return version == 0 ? plans.find(connection, tenantId, id) : plans.find(connection, tenantId, id, version);
    }

    private static Reply reply(ApiCall call, Plan plan, Locale locale) {
        Reply reply = Accept.preferred(call, OFFERED).equals("text/html")
                ? Reply.of(200, "text/html; charset=utf-8", Buffer.buffer(LabelPage.html(plan, locale)))
                        .withHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                : Reply.ok(LabelJson.write(plan, locale));
        return reply.withHeader("Vary", "Accept");
    }
}
