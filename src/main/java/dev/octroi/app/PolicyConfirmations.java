package dev.octroi.app;

import dev.octroi.callback.outbox.DeliveryListener;
import dev.octroi.quota.PolicyStateStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Comparator;
import java.util.List;

/** Keeps how far the network has followed each policy: sent, confirmed, or why not. */
final class PolicyConfirmations implements DeliveryListener {
    private final PolicyStateStore states = new PolicyStateStore();

    @Override
    public Future<Void> attempted(SqlConnection connection, List<Result> results) {
        // In the order in which a batch of counting writes them, as two that lock crosswise would wait for each other.
        List<Result> ordered = results.stream()
                .sorted(Comparator.comparingLong(Result::subscriptionId))
                .toList();
        Future<Void> all = Future.succeededFuture();
        for (Result result : ordered) {
            all = all.compose(done -> one(connection, result));
        }
        return all;
    }

    private Future<Void> one(SqlConnection connection, Result result) {
        int tenant = result.tenantId();
        long subscription = result.subscriptionId();
        Future<Void> sent = result.sent()
                ? states.sent(connection, tenant, subscription, result.version(), result.at())
                : Future.succeededFuture();
        return result.confirmed()
                ? sent.compose(
                        done -> states.confirmed(connection, tenant, subscription, result.version(), result.at()))
                : sent.compose(done -> states.failed(connection, tenant, subscription, result.error()));
    }
}
