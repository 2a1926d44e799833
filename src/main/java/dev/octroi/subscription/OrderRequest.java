package dev.octroi.subscription;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What a reseller asks for.
 *
 * @param planId the plan
 * @param quantity how many subscriptions
 * @param quoteId a quote to order at, or null for the price of now
 * @param externalReference the reseller's own number, or null
 * @param timeZone the traveller's, or null for UTC
 * @param sharedWith the subscription whose volume they spend, or null for a volume each
 * @param language the traveller's: {@code en}, {@code fr} or {@code zh}
 */
public record OrderRequest(
        long planId,
        int quantity,
        @Nullable Long quoteId,
        @Nullable String externalReference,
        @Nullable ZoneId timeZone,
        @Nullable Long sharedWith,
        String language) {
    /** The traveller's time zone. */
    ZoneId zone() {
        return timeZone == null ? ZoneOffset.UTC : timeZone;
    }
}
