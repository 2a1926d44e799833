package dev.octroi.web.selfcare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * The traveller's own rules as JSON, {@code rules.json}: read with their version, replaced as a whole. They tighten what operator
 * and reseller set and never loosen it, because the strictest holds.
 */
final class TravellerRules {
    private static final int MAX_BODY_BYTES = 16_384;
    private static final JsonMapper JSON = new JsonMapper();

    private final SelfCareLinks links;
    private final SelfCareActs acts;

    TravellerRules(SelfCareLinks links, SelfCareActs acts) {
        this.links = links;
        this.acts = acts;
    }

    void mount(Router router) {
        router.get("/s/:token/rules.json").handler(ctx -> answer(ctx, acts::account));
        router.put("/s/:token/rules.json")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(ctx -> answer(ctx, traveller -> replace(ctx, traveller)));
    }

    private void answer(RoutingContext ctx, Function<Principal, Future<AccountView>> act) {
        links.find(ctx.pathParam("token"))
                .compose(found -> act.apply(found.orElseThrow(
                        () -> Problem.of(ProblemType.NOT_FOUND).toException())))
                .onSuccess(account -> ctx.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(write(account.rulesOf(Rule.Owner.USER)).toBuffer()))
                .onFailure(ctx::fail);
    }

    private Future<AccountView> replace(RoutingContext ctx, Principal traveller) {
        JsonNode body = body(ctx);
        long version =
                body.path("version").isIntegralNumber() ? body.path("version").longValue() : -1;
        if (version < 0) {
            throw invalid(List.of(new RuleJson.Fault("#/version", "the version that was read, a whole number")));
        }
        List<Rule> rules = switch (RuleJson.read(body.path("rules"), Rule.Owner.USER)) {
            case RuleJson.Result.Rules read -> read.rules();
            case RuleJson.Result.Invalid refused ->
                throw invalid(refused.faults().stream()
                        .map(fault ->
                                new RuleJson.Fault("#/rules" + fault.pointer().substring(1), fault.detail()))
                        .toList());
        };
        return acts.account(traveller)
                .compose(account -> acts.put(traveller, account, rules, version))
                .map(outcome -> switch (outcome) {
                    case Outcome.Accepted accepted -> accepted.account();
                    case Outcome.Duplicate same -> same.account();
                    case Outcome.Refused refused -> throw SelfCareActs.problem(refused);
                });
    }

    private static JsonNode body(RoutingContext ctx) {
        try {
            JsonNode body = ctx.body().buffer() == null
                    ? null
                    : JSON.readTree(ctx.body().buffer().getBytes());
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // Falls through: it is no JSON at all.
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory are read", e);
        }
        throw invalid(List.of(new RuleJson.Fault("#", "an object with version and rules")));
    }

    private static ProblemException invalid(List<RuleJson.Fault> faults) {
        return Problem.of(ProblemType.UNPROCESSABLE, "These rules cannot stand")
                .withCode("invalid_rules")
                .withErrors(faults.stream()
                        .map(fault -> new Problem.Place(fault.pointer(), fault.detail()))
                        .toList())
                .toException();
    }

    private static JsonObject write(RuleSet set) {
        return new JsonObject()
                .put("version", set.version())
                .put("rules", new JsonArray(RuleJson.write(set.rules()).toString()));
    }
}
