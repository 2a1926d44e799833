package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.TopUpStore;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /top-ups}: all, those of a subscription, or those with a number of the reseller's own. */
final class ListTopUpsHandler implements OperationHandler {
    private final TenantCalls calls;
    private final TopUpStore topUps;

    ListTopUpsHandler(TenantCalls calls, TopUpStore topUps) {
        this.calls = calls;
        this.topUps = topUps;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String reference = call.query("externalReference").orElse("");
        Optional<String> subscription = call.query("subscriptionId");
        Optional<Long> subscriptionId =
                subscription.map(id -> PublicId.SUBSCRIPTION.parse(id).orElse(-1));
        return calls.page(
                call,
                "top-ups/" + subscription.orElse("") + "/" + reference,
                (connection, tenantId, beforeId, limit) ->
                        topUps.list(connection, tenantId, subscriptionId, reference, beforeId, limit),
                each -> each.topUp().id(),
                TopUpJson::write);
    }
}
