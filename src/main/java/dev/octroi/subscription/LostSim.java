package dev.octroi.subscription;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;

/** Ends, or begins anew, what others keep of a subscription by its SIM. */
@FunctionalInterface
public interface LostSim {
    /**
     * The SIM of a subscription is replaced.
     *
     * @param connection of the worker role, with the transaction open that replaces it and holds the account
     * @param subscription as it was with the lost SIM
     */
    Future<Void> end(SqlConnection connection, int tenantId, Subscription subscription, Instant at);
}
