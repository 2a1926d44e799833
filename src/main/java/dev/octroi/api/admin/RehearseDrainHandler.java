package dev.octroi.api.admin;

import dev.octroi.api.reseller.DrainTermsJson;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.db.PublicId;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.quota.rehearsal.DrainRehearsal;
import dev.octroi.quota.rehearsal.DrainRehearsals;
import dev.octroi.quota.rehearsal.RehearsalTally;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** {@code POST /tenants/{tenantId}/plans/{planId}/drain-rehearsal}: reads only. */
final class RehearseDrainHandler implements OperationHandler {
    private static final int DEFAULT_DAYS = 30;

    private final AdminCalls calls;
    private final DrainRehearsals rehearsals;

    RehearseDrainHandler(AdminCalls calls, DrainRehearsals rehearsals) {
        this.calls = calls;
        this.rehearsals = rehearsals;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenant = AdminCalls.tenantInPath(call);
        long plan = PublicId.PLAN.parse(call.path("planId")).orElseThrow(AdminCalls::notFound);
        JsonObject body = call.body();
        DrainPolicy strongest =
                DrainPolicy.valueOf(body.getString("drainPolicy").toUpperCase(Locale.ROOT));
        int days = body.getInteger("days", DEFAULT_DAYS);
        DrainRehearsal rehearsal = new DrainRehearsal(
                DrainDetector.shipped(),
                Population.shipped(),
                strongest,
                terms(body.getJsonObject("drainTerms", new JsonObject())));
        return calls.run(connection -> calls.requireTenant(connection, tenant))
                .compose(known -> rehearsals.play(tenant, plan, days, rehearsal, call::isWaitedFor))
                .map(tally -> Reply.json(200, write(tally)));
    }

    private static DrainTerms terms(JsonObject json) {
        try {
            return DrainTermsJson.read(json);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ProblemType.UNPROCESSABLE, String.valueOf(e.getMessage()))
                    .withCode("invalid_drain_terms")
                    .toException();
        }
    }

    private static JsonObject write(RehearsalTally tally) {
        return new JsonObject()
                .put("subscriptions", tally.subscriptions())
                .put("records", tally.records())
                .put("incidents", tally.incidents())
                .put("notified", tally.notified())
                .put("asked", tally.asked())
                .put("throttled", tally.throttled())
                .put("categorySuspended", tally.categorySuspended())
                .put("suspended", tally.suspended())
                .put("slowedBytes", tally.slowedBytes())
                .put("heldBytes", tally.heldBytes());
    }
}
