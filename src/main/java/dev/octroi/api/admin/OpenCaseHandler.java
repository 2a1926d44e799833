package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.CaseJson;
import dev.octroi.support.Cases;
import dev.octroi.support.Questions;
import io.vertx.core.Future;

/** {@code POST /tenants/{tenantId}/subscriptions/{subscriptionId}/cases}: case, event, audit and answer at once. */
final class OpenCaseHandler implements OperationHandler {
    private static final int MAX_SUMMARY = 2_000;

    private final AdminCalls calls;
    private final SubscriptionStore subscriptions;
    private final Questions questions;
    private final Cases cases;

    OpenCaseHandler(AdminCalls calls, SubscriptionStore subscriptions, Questions questions, Cases cases) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.questions = questions;
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        long subscriptionId =
                PublicId.SUBSCRIPTION.parse(call.path("subscriptionId")).orElseThrow(AdminCalls::notFound);
        String summary = Reasons.read(call.body(), "summary", MAX_SUMMARY);
        return calls.once(
                call,
                connection -> subscriptions
                        .find(connection, tenantId, subscriptionId)
                        .map(found -> Refusals.remembered(found.orElseThrow(AdminCalls::notFound)))
                        .compose(found ->
                                questions.open(connection, tenantId, subscriptionId, summary, SupportApi.actor(call)))
                        .compose(id -> cases.find(connection, tenantId, id))
                        .map(opened -> opened.orElseThrow(AdminCalls::notFound))
                        .map(opened -> Reply.created(
                                "/admin/v1/cases/" + PublicId.CASE.format(opened.id()), CaseJson.write(opened))));
    }
}
