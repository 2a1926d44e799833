package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Volume bought later.
 *
 * @param id the top-up; the account knows it by this, so that it counts once
 * @param subscriptionId the subscription
 * @param bytes the volume
 * @param price what it costs, null when the plan has no list price for it
 * @param externalReference the reseller's own number, if given
 * @param createdAt when it was bought
 */
public record TopUp(
        long id,
        long subscriptionId,
        long bytes,
        @Nullable Money price,
        @Nullable String externalReference,
        Instant createdAt) {
    public TopUp {
        requireNonNull(createdAt, "createdAt is null");
        if (bytes < 1) {
            throw new IllegalArgumentException("a top-up adds something");
        }
    }
}
