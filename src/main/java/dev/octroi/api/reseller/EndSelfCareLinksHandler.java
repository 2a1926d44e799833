package dev.octroi.api.reseller;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.util.Map;

/**
 * {@code DELETE /subscriptions/{subscriptionId}/self-care-links}: for a link that somebody else has got hold of. The subscription
 * and its profile stay as they are.
 */
final class EndSelfCareLinksHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final SelfCareLinks links;

    EndSelfCareLinksHandler(TenantCalls calls, SubscriptionReader reader, SelfCareLinks links) {
        this.calls = calls;
        this.reader = reader;
        this.links = links;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.run(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> links.revoke(connection, caller.tenantId(), subscription.id())
                                        .compose(ended -> calls.audit(
                                                connection,
                                                caller,
                                                "self_care_links.ended",
                                                PublicId.SUBSCRIPTION.format(subscription.id()),
                                                Map.of()))))
                .onSuccess(committed -> links.forget())
                .map(Reply.noContent());
    }
}
