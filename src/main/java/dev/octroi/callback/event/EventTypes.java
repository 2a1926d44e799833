package dev.octroi.callback.event;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The types of events there are. What a type tells and when is in {@code docs/events.md}; a new one begins here, since nothing
 * else can be asked for.
 */
public final class EventTypes {
    /** What a test of a webhook sends. */
    public static final String TEST = "webhook.test";

    private static final Set<String> TYPES = Set.of(
            "anomaly.bad_destination",
            "anomaly.explained",
            "anomaly.grown",
            "anomaly.opened",
            "case.opened",
            "case.resolved",
            "credit.applied",
            "device.changed",
            "member.joined",
            "member.left",
            "order.completed",
            "order.failed",
            "overage.agreed",
            "overage.ceiling_reached",
            "overage.declined",
            "overage.threshold_reached",
            "plan.ended",
            "plan.ending",
            "plan.extended",
            "plan.renewed",
            "plan.started",
            "policy.applied",
            "policy.decided",
            "policy.failed",
            "policy.lost",
            "policy.unconfirmed",
            "policy_change.completed",
            "policy_change.expired",
            "policy_change.paused",
            "policy_change.proposed",
            "policy_change.rejected",
            "policy_change.resumed",
            "policy_change.started",
            "policy_change.step_applied",
            "policy_change.step_begun",
            "policy_change.stopped",
            "policy_change.undo_asked",
            "policy_change.undone",
            "policy_change.withdrawn",
            "profile.deleted",
            "profile.disabled",
            "profile.download_progress",
            "profile.enabled",
            "profile.installed",
            "profile.replaced",
            "profile.reset",
            "rule.applied",
            "subscription.cancelled",
            "subscription.erased",
            "tariff.told",
            "time_zone.changed",
            "top_up.applied",
            "usage.corrected",
            "usage.threshold_reached",
            "volume.expired",
            "webhook.disabled",
            TEST,
            "zone.breached",
            "zone.entered",
            "zone.left");

    private EventTypes() {}

    /** All types. */
    public static Set<String> all() {
        return TYPES;
    }

    /**
     * Why an endpoint cannot ask for these; empty when it can.
     *
     * @param wanted types such as {@code policy.decided} or families such as {@code policy}
     */
    public static Optional<String> refuse(List<String> wanted) {
        return wanted.stream()
                .filter(each -> !TYPES.contains(each) && inFamily(each).isEmpty())
                .findFirst()
                .map(EventTypes::unknown);
    }

    private static String unknown(String type) {
        Set<String> near = inFamily(family(type));
        String there = near.isEmpty()
                ? "families: "
                        + TYPES.stream()
                                .map(EventTypes::family)
                                .distinct()
                                .sorted()
                                .collect(joining(", "))
                : "there are " + String.join(", ", near);
        return "There is no event type \"" + type + "\"; " + there + ".";
    }

    private static Set<String> inFamily(String family) {
        Set<String> found = new TreeSet<>(TYPES);
        found.removeIf(type -> !family(type).equals(family));
        return found;
    }

    private static String family(String type) {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }
}
