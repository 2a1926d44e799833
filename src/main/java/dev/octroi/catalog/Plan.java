package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One version of a plan; it never changes.
 *
 * @param id the plan, the same for all versions
 * @param version from 1
 * @param offer what it offers
 * @param label the tariff label made from the offer
 * @param createdAt when this version was published
 */
public record Plan(long id, int version, PlanOffer offer, Label label, Instant createdAt) {
    public Plan {
        requireNonNull(offer, "offer is null");
        requireNonNull(label, "label is null");
        requireNonNull(createdAt, "createdAt is null");
        if (version < 1) {
            throw new IllegalArgumentException("versions count from 1");
        }
    }

    /** A version of a plan with its label. */
    public static Plan publish(long id, int version, PlanOffer offer, Instant now) {
        return new Plan(id, version, offer, Label.of(id, version, offer), now);
    }
}
