package dev.octroi.db;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Statements that were sent on one connection without waiting for each other's answers. The connection keeps their order,
 * and the database answers all of them at once: that saves half of what a transaction costs both sides.
 */
public final class Pipelined {
    private Pipelined() {}

    /**
     * Waits for all and fails as the first of them in order failed. All, because whoever rolls back earlier leaves what
     * the later ones still send outside the transaction.
     */
    public static Future<Void> all(Future<?>... sent) {
        List<Future<?>> inOrder = List.of(sent);
        return Future.join(inOrder).transform(ended -> {
            Optional<Future<?>> failed = inOrder.stream().filter(Future::failed).findFirst();
            return failed.<Future<Void>>map(first -> Future.failedFuture(first.cause()))
                    .orElseGet(Future::succeededFuture);
        });
    }
}
