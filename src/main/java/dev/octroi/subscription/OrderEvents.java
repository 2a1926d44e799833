package dev.octroi.subscription;

import dev.octroi.callback.event.Event;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The events of an order, one for each subscription. */
public final class OrderEvents {
    private OrderEvents() {}

    /**
     * What was sold.
     *
     * @param labelHash the label as sold
     */
    public record Sold(long orderId, long planId, int planVersion, String labelHash) {
        /** What a subscription was sold as. */
        public static Sold of(Subscription subscription) {
            return new Sold(
                    subscription.orderId(),
                    subscription.planId(),
                    subscription.planVersion(),
                    subscription.labelHash());
        }
    }

    /** The subscription has its profile. */
    public static Event completed(int tenantId, long eventId, long subscriptionId, Sold sold, Instant at) {
        return new Event(tenantId, eventId, "order.completed", subscriptionId, data(subscriptionId, sold), at);
    }

    /** The subscription will never have a profile; the codes are those of the SM-DP+ (SGP.22 §5.2.6). */
    public static Event failed(
            int tenantId,
            long eventId,
            long subscriptionId,
            Sold sold,
            String subjectCode,
            String reasonCode,
            Instant at) {
        JsonObject data =
                data(subscriptionId, sold).put("subjectCode", subjectCode).put("reasonCode", reasonCode);
        return new Event(tenantId, eventId, "order.failed", subscriptionId, data, at);
    }

    private static JsonObject data(long subscriptionId, Sold sold) {
        return new JsonObject()
                .put("order", PublicId.ORDER.format(sold.orderId()))
                .put("subscription", PublicId.SUBSCRIPTION.format(subscriptionId))
                .put("plan", PublicId.PLAN.format(sold.planId()))
                .put("planVersion", sold.planVersion())
                .put("labelHash", sold.labelHash());
    }
}
