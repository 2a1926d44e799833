package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventStore;
import dev.octroi.callback.outbox.DeliveryListener;
import dev.octroi.callback.outbox.DispatchMetrics;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Puts down what a network said of a policy besides the answer to its delivery: that it is in force, or is not any more. */
public final class PolicyProof {
    static final String LOST_TYPE = "policy.lost";

    private final DeliveryListener listener;
    private final Ids ids;
    private final DispatchMetrics metrics;
    private final double scheduleScale;
    private final EventStore events = new EventStore();
    private final LossStore losses = new LossStore();

    /** @param scheduleScale factor on all delays; 1 in production */
    public PolicyProof(DeliveryListener listener, Ids ids, DispatchMetrics metrics, double scheduleScale) {
        this.listener = requireNonNull(listener, "listener is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.scheduleScale = scheduleScale;
    }

    /** The policy of a copy is in force. */
    Future<Void> confirmed(SqlConnection connection, NetworkCopy copy, Instant now) {
        JsonObject data = copy.policy()
                .copy()
                .put("subscription", PublicId.SUBSCRIPTION.format(copy.subscriptionId()))
                .put("version", copy.version());
        return listener.attempted(
                        connection,
                        List.of(new DeliveryListener.Result(
                                copy.tenantId(),
                                copy.subscriptionId(),
                                copy.version(),
                                copy.policy(),
                                true,
                                true,
                                now,
                                null)))
                .compose(told -> append(connection, copy, "policy.applied", data, now))
                .compose(told -> losses.decidedAt(connection, copy.tenantId(), copy.subscriptionId(), copy.version()))
                .onSuccess(decided -> decided.ifPresent(at -> metrics.proved(Duration.between(at, now))))
                .mapEmpty();
    }

    /**
     * The network has lost the policy of a copy: it is told again at once, and the tenant hears of it.
     *
     * @param reason in words without any identifier
     * @return whether that was the policy in force
     */
    Future<Boolean> lost(SqlConnection connection, NetworkCopy copy, String reason, Instant now) {
        return losses.lost(connection, copy.tenantId(), copy.subscriptionId(), copy.version(), reason, now)
                .compose(lost -> {
                    if (!lost) {
                        return Future.succeededFuture(false);
                    }
                    JsonObject data = new JsonObject()
                            .put("subscription", PublicId.SUBSCRIPTION.format(copy.subscriptionId()))
                            .put("version", copy.version())
                            .put("reason", reason);
                    return append(connection, copy, LOST_TYPE, data, now).map(true);
                });
    }

    /** Something happened that the delivery under way, or the last one, waits for. */
    Future<Void> hasten(SqlConnection connection, NetworkCopy copy, Instant now) {
        return losses.hasten(connection, copy.tenantId(), copy.subscriptionId(), now);
    }

    /** The network ended what it had: it is asked again, less and less often where that does not last. */
    Future<Void> again(SqlConnection connection, NetworkCopy copy, Instant now) {
        return losses.again(connection, copy.tenantId(), copy.subscriptionId(), now, scheduleScale);
    }

    private Future<Void> append(SqlConnection connection, NetworkCopy copy, String type, JsonObject data, Instant now) {
        Event event = new Event(
                copy.tenantId(), ids.next(Ids.shardOf(copy.subscriptionId())), type, copy.subscriptionId(), data, now);
        return events.append(connection, List.of(event));
    }
}
