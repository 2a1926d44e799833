package dev.octroi.app;

import dev.octroi.callback.DeliveryListener;
import dev.octroi.quota.PolicyStateStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Keeps how far the network has followed each policy: sent, confirmed, or why not. */
final class PolicyConfirmations implements DeliveryListener {
    private final PolicyStateStore states = new PolicyStateStore();

    @Override
    public Future<Void> attempted(SqlConnection connection, List<Result> results) {
        Future<Void> all = Future.succeededFuture();
        for (Result result : results) {
            all = all.compose(done -> one(connection, result));
        }
        return all;
    }

    private Future<Void> one(SqlConnection connection, Result result) {
        int tenant = result.tenantId();
        long subscription = result.subscriptionId();
        Future<Void> sent = states.sent(connection, tenant, subscription, result.version(), result.at());
        return result.confirmed()
                ? sent.compose(
                        done -> states.confirmed(connection, tenant, subscription, result.version(), result.at()))
                : sent.compose(done -> states.failed(connection, tenant, subscription, result.error()));
    }
}
