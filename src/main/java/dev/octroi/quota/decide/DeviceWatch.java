package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Device;
import dev.octroi.quota.account.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows an account from device to device. */
final class DeviceWatch {
    /** Two feeds that name different devices would otherwise tell of each record. */
    private static final Duration TOLD_ONCE_IN = Duration.ofHours(1);

    private DeviceWatch() {}

    /**
     * A feed named the device; what is older than the latest news of the account changes nothing. What a clock says that is ahead is of
     * now.
     */
    static void seen(Draft draft, @Nullable String hashHex, Instant saidAt) {
        Device before = draft.device;
        Instant at = saidAt.isAfter(draft.now) ? draft.now : saidAt;
        if (hashHex == null || (before != null && before.hashHex().equals(hashHex)) || isOld(draft, at)) {
            return;
        }
        draft.device = new Device(hashHex, at, before == null);
        if (before == null || (!before.isFirst() && at.isBefore(before.since().plus(TOLD_ONCE_IN)))) {
            return;
        }
        Map<String, Object> data =
                Map.of("before", Map.of("since", before.since().toString()), "since", at.toString());
        draft.raise(
                "device.changed",
                Map.of("since", at.toString(), "previousSince", before.since().toString()));
        draft.audit(Actor.system("device"), "device.changed", null, data);
        RuleWatch.happened(draft, Condition.Occasion.DEVICE_CHANGED);
    }

    private static boolean isOld(Draft draft, Instant at) {
        Instant last = draft.lastEventAt;
        Place place = draft.place;
        Device device = draft.device;
        return (last != null && at.isBefore(last))
                || (place != null && at.isBefore(place.reportedAt()))
                || (device != null && at.isBefore(device.since()));
    }
}
