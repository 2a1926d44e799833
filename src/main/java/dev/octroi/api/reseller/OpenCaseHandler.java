package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseSummaryStore;
import dev.octroi.support.Questions;
import io.vertx.core.Future;

/** {@code POST /subscriptions/{subscriptionId}/cases}: case, event, audit and answer at once. */
final class OpenCaseHandler implements OperationHandler {
    private static final int MAX_SUMMARY = 2_000;

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Questions questions;
    private final CaseSummaryStore cases;

    OpenCaseHandler(TenantCalls calls, SubscriptionReader reader, Questions questions, CaseSummaryStore cases) {
        this.calls = calls;
        this.reader = reader;
        this.questions = questions;
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String summary = Reasons.read(call.body(), "summary", MAX_SUMMARY);
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .map(Refusals::remembered)
                        .compose(subscription -> questions.open(
                                connection, caller.tenantId(), subscription.id(), summary, caller.actor()))
                        .compose(id -> cases.find(connection, caller.tenantId(), id))
                        .map(opened -> opened.orElseThrow(Refusals::notFound))
                        .map(opened -> Reply.created(
                                "/v1/cases/" + PublicId.CASE.format(opened.id()), CaseJson.write(opened))));
    }
}
