package dev.octroi.api.reseller;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.notice.Channels;
import io.vertx.core.Future;
import java.util.Map;

/**
 * {@code DELETE /subscriptions/{subscriptionId}/self-care-links}: for a link that somebody else has got hold of. The address
 * for messages goes with them: whoever had the link may have given it, and each message has a new link. The subscription and its
 * profile stay as they are.
 */
final class EndSelfCareLinksHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final SelfCareLinks links;
    private final Channels channels;

    EndSelfCareLinksHandler(TenantCalls calls, SubscriptionReader reader, SelfCareLinks links, Channels channels) {
        this.calls = calls;
        this.reader = reader;
        this.links = links;
        this.channels = channels;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.run(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> links.revoke(connection, caller.tenantId(), subscription.id())
                                        .compose(ended ->
                                                channels.remove(connection, caller.tenantId(), subscription.id()))
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
