package dev.octroi.quota.account;

import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account as people see it.
 *
 * @param key which
 * @param subscriptionId its subscription
 * @param version counts the account's changes
 * @param buckets in spending order
 * @param totalBytes size of all buckets that may be spent where the traveller is, of the window at hand where the plan renews
 * @param usedBytes taken of that
 * @param remainingBytes left in the buckets
 * @param beyondBytes used after the buckets were empty, at no charge
 * @param countedBytes all that it ever used itself, of whatever volume
 * @param todayBytes used since the last midnight of the account's day zone
 * @param policy what holds
 * @param restrictions all active causes, most important first
 * @param rules of each owner, in the order of {@link Rule.Owner}
 * @param freshness how good the numbers of the volume are, by the records of all that spend it
 * @param ownFreshness how good those of the account's own use are
 * @param forecast when the volume will be used up; null in outcomes of commands and where too little is known
 * @param place where the device is, when reported
 * @param timeZone the traveller's
 * @param dayZone whose midnights end the account's days: that one, or UTC
 * @param zoneChange its last change, or the one that waits; null: there was none
 * @param period the plan's
 * @param delivery how far the network has followed; null in outcomes of commands
 * @param background the traveller's switch for background traffic
 * @param overage use beyond the volume at a price; null where the plan knows none
 * @param shared whose volume it spends with whom; null where it is alone
 * @param readAt when this was read
 */
public record AccountView(
        AccountKey key,
        long subscriptionId,
        long version,
        List<Bucket> buckets,
        long totalBytes,
        long usedBytes,
        long remainingBytes,
        long beyondBytes,
        long countedBytes,
        long todayBytes,
        Policy policy,
        List<Restriction> restrictions,
        List<RuleSet> rules,
        Freshness freshness,
        Freshness ownFreshness,
        @Nullable Forecast forecast,
        @Nullable PlaceView place,
        ZoneId timeZone,
        ZoneId dayZone,
        @Nullable ZoneChange zoneChange,
        PeriodView period,
        @Nullable Delivery delivery,
        Background background,
        @Nullable OverageView overage,
        @Nullable SharedView shared,
        Instant readAt) {
    public AccountView {
        buckets = List.copyOf(buckets);
        restrictions = List.copyOf(restrictions);
        rules = List.copyOf(rules);
    }

    /** What the subscription itself may still use: what is left, of a shared volume no more than its own cap leaves it. */
    public long spendableBytes() {
        return shared == null ? remainingBytes : Math.min(remainingBytes, shared.capLeftBytes());
    }

    /** Whether neither it nor, of a volume that is its own, anybody else ever used data: in no window and no zone. */
    public boolean isUnused() {
        boolean ownsVolume = shared == null || shared.isOwner();
        return countedBytes == 0 && (!ownsVolume || buckets.stream().allMatch(bucket -> bucket.takenBytes() == 0));
    }

    /** The rules of one owner. */
    public RuleSet rulesOf(Rule.Owner owner) {
        for (RuleSet set : rules) {
            if (set.owner() == owner) {
                return set;
            }
        }
        return new RuleSet(owner, 0, List.of());
    }
}
