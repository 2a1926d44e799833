package dev.octroi.rollout;

import dev.octroi.quota.account.ChangeTrace;
import dev.octroi.quota.account.ItemState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a change means for one subscription.
 *
 * @param position its place in the roll-out, from 1
 * @param trace what was there before; null where nothing was touched
 * @param refusal why the account could not take it; null unless it could not
 */
public record ChangeItem(
        int position,
        long accountId,
        long subscriptionId,
        ItemState state,
        @Nullable ChangeTrace trace,
        @Nullable String refusal,
        @Nullable Instant changedAt) {}
