package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Speed;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The words in which a decision is told. */
final class Decisions {
    private Decisions() {}

    /** What the reseller learns. */
    static Map<String, Object> eventData(Policy before, Policy after) {
        Map<String, Object> data = describe(after);
        data.put("version", after.version());
        data.put("previousLevel", before.level().word());
        data.put("previousReason", before.reasonCode());
        data.put("released", after.level() == Level.NORMAL);
        return data;
    }

    /** What the audit keeps. */
    static Map<String, Object> auditDetails(Policy before, Policy after) {
        return Map.of("version", after.version(), "before", describe(before), "after", describe(after));
    }

    /** A policy as members of JSON. */
    static Map<String, Object> describe(Policy policy) {
        Map<String, Object> data = new HashMap<>();
        data.put("level", policy.level().word());
        data.put("reason", policy.reasonCode());
        data.put("until", policy.until().word());
        Instant moment = policy.until().moment();
        if (moment != null) {
            data.put("untilAt", moment.toString());
        }
        Speed speed = policy.speed();
        if (speed != null) {
            data.put("downKbps", speed.downKbps());
            data.put("upKbps", speed.upKbps());
        }
        if (!policy.blockedCategories().isEmpty()) {
            data.put("blockedCategories", policy.blockedCategories());
        }
        return data;
    }
}
