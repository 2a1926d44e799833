package dev.octroi.api.admin;

import dev.octroi.api.reseller.RuleJson;
import dev.octroi.api.reseller.RuleSimulation;
import dev.octroi.api.reseller.RuleSimulation.Played;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.rollout.ChangeTarget;
import dev.octroi.rollout.PolicyChanges;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** {@code POST /tenants/{tenantId}/rules/simulate}: what rules would have done to whom a change would be for. Changes nothing. */
final class RehearseRulesHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;
    private final RuleSimulation simulation;

    RehearseRulesHandler(AdminCalls calls, PolicyChanges changes, RuleRehearsals rehearsals, Cursors cursors) {
        this.calls = calls;
        this.changes = changes;
        this.simulation = new RuleSimulation(rehearsals, cursors);
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        // It changes nothing and needs no memory of the key.
        AdminCalls.key(call);
        JsonObject body = call.body();
        Rule.Owner owner =
                Rule.Owner.valueOf(body.getString("owner", "reseller").toUpperCase(Locale.ROOT));
        List<Rule> rules = RuleJson.read(body, owner);
        ChangeTarget target = ProposalReader.target(body.getJsonObject("target"));
        return calls.run(connection -> calls.requireTenant(connection, tenantId))
                .compose(there -> simulation.reply(
                        call,
                        tenantId,
                        rules,
                        owner + "/" + target.words() + "/",
                        AdminCalls.limit(call),
                        (beforeId, limit) -> page(tenantId, target, beforeId, limit)));
    }

    private Future<List<Played>> page(int tenantId, ChangeTarget target, long beforeId, int limit) {
        return calls.run(connection -> changes.meant(connection, tenantId, target, beforeId, limit))
                .map(found -> found.stream()
                        .map(each -> new Played(each.subscriptionId(), each.accountId()))
                        .toList());
    }
}
