package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.notice.Channels;
import io.vertx.core.Future;

/** {@code GET /subscriptions/{subscriptionId}/notices}: whether the traveller is told by mail, and what. */
final class GetNoticesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Channels channels;

    GetNoticesHandler(TenantCalls calls, SubscriptionReader reader, Channels channels) {
        this.calls = calls;
        this.reader = reader;
        this.channels = channels;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.run(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(subscription -> channels.find(connection, caller.tenantId(), subscription.id())
                                .map(channel -> Reply.ok(
                                        NoticesJson.write(channels.sends(), channel, subscription.language())))));
    }
}
