package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.drain.Verdict;
import dev.octroi.quota.account.Effect;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An alarm of the drain detector to be stored with the usage that raised it.
 *
 * @param tenantId the tenant of the subscription
 * @param alarmId identifier for a new alarm, on the subscription's virtual shard; unused when the incident is known
 * @param caseId identifier for the case that a new alarm opens, or one that is open again, on the same virtual shard
 * @param subscriptionId whose data drains
 * @param alarm what the detector says
 * @param at when it was said
 * @param action what the plan makes of it: {@code notify}, {@code throttle}, {@code suspend}
 * @param recent the account's use when it was raised, for the evidence; at most 20 kB as JSON
 */
public record AlarmReport(
        int tenantId,
        long alarmId,
        long caseId,
        long subscriptionId,
        Verdict.Alarm alarm,
        Instant at,
        String action,
        Map<String, Object> recent) {
    public AlarmReport {
        requireNonNull(alarm, "alarm is null");
        requireNonNull(at, "at is null");
        requireNonNull(action, "action is null");
        recent = Map.copyOf(recent);
        if (Ids.shardOf(alarmId) != Ids.shardOf(subscriptionId) || Ids.shardOf(caseId) != Ids.shardOf(subscriptionId)) {
            throw new IllegalArgumentException("alarm and case live on the virtual shard of the subscription");
        }
    }

    /** This report in the place of an earlier one of the same incident that was not stored: why it may open again is not lost. */
    public AlarmReport after(AlarmReport earlier) {
        Map<String, Object> both = new HashMap<>(recent);
        for (String why : List.of(Effect.AlarmRaised.HOLD_HAD_RUN_OUT, Effect.AlarmRaised.TOLD_AGAIN)) {
            if (Boolean.TRUE.equals(earlier.recent.get(why))) {
                both.put(why, true);
            }
        }
        return new AlarmReport(tenantId, alarmId, caseId, subscriptionId, alarm, at, action, both);
    }

    /** A report of an alarm that is only told, with nothing known about the recent use. */
    public AlarmReport(int tenantId, long alarmId, long caseId, long subscriptionId, Verdict.Alarm alarm, Instant at) {
        this(tenantId, alarmId, caseId, subscriptionId, alarm, at, "notify", Map.of());
    }
}
