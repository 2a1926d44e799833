package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order and what came of it.
 *
 * @param id the order; its subscriptions live on the same virtual shard
 * @param status where it stands
 * @param planId the plan ordered
 * @param planVersion the version as sold, which fixes terms and label
 * @param labelHash the label as sold
 * @param quantity how many subscriptions, 1 to {@value #MAX_QUANTITY}
 * @param total the price of all
 * @param externalReference the reseller's own number, if given
 * @param subscriptions what was made
 * @param createdAt when
 */
public record Order(
        long id,
        Status status,
        long planId,
        int planVersion,
        String labelHash,
        int quantity,
        Money total,
        @Nullable String externalReference,
        List<Part> subscriptions,
        Instant createdAt) {
    /** Most subscriptions of one order. */
    public static final int MAX_QUANTITY = 20;

    public Order {
        requireNonNull(status, "status is null");
        requireNonNull(labelHash, "labelHash is null");
        requireNonNull(total, "total is null");
        requireNonNull(createdAt, "createdAt is null");
        subscriptions = List.copyOf(subscriptions);
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw new IllegalArgumentException("an order has 1 to 20 subscriptions");
        }
    }

    /**
     * A subscription of an order.
     *
     * @param id the subscription
     * @param cancelledAt when its sale was taken back; null, it was not
     */
    public record Part(long id, @Nullable Instant cancelledAt) {}

    /** Where an order stands. */
    public enum Status {
        /** Profiles are still to come from another SM-DP+. */
        PENDING,
        /** Everything ordered is there. */
        COMPLETED,
        /** Some of it is there, and nothing more will come. */
        PARTIAL,
        /** Nothing is. */
        FAILED
    }
}
