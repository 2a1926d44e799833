package dev.octroi.callback.outbox;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears how policies fared on their way to the network, in the transaction that puts it down. */
@FunctionalInterface
public interface DeliveryListener {

    /**
     * Attempts were made.
     *
     * @param connection the worker role's connection with the transaction open
     * @param results one for each policy that was sent, at most a few hundred
     */
    Future<Void> attempted(SqlConnection connection, List<Result> results);

    /**
     * One attempt.
     *
     * @param subscriptionId whose policy
     * @param version the policy's version
     * @param payload as it was appended to the outbox
     * @param sent whether anything left the gateway
     * @param confirmed whether the network answered 2xx
     * @param at when the attempt began
     * @param error why it was not confirmed, without any identifier
     */
    record Result(
            int tenantId,
            long subscriptionId,
            long version,
            JsonObject payload,
            boolean sent,
            boolean confirmed,
            Instant at,
            @Nullable String error) {}
}
