package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.PlanTerms;
import java.time.Instant;
import java.time.ZoneId;

/**
 * An account to open.
 *
 * @param key tenant and identifier; on the virtual shard of the subscription
 * @param subscriptionId the subscription it belongs to
 * @param terms the plan's terms as sold
 * @param timeZone the traveller's
 * @param openedAt when; begins the period of a plan that starts with the order
 */
public record NewAccount(AccountKey key, long subscriptionId, PlanTerms terms, ZoneId timeZone, Instant openedAt) {
    public NewAccount {
        requireNonNull(key, "key is null");
        requireNonNull(terms, "terms is null");
        requireNonNull(timeZone, "timeZone is null");
        requireNonNull(openedAt, "openedAt is null");
    }
}
