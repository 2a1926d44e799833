package dev.octroi.policy;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Derives the policy in force. The strictest effect wins: the highest level, and below a suspension the lowest speed of
 * each direction. Of the restrictions that cause this effect, the most important class gives the reason; within a class
 * the one that lasts longest, because that is when the effect ends. Blocked background traffic is narrowed to categories when
 * every cause of it names one.
 */
public final class PolicyEngine {
    private static final Comparator<Restriction> BY_IMPORTANCE = Comparator.comparing(Restriction::restrictionClass)
            .thenComparing(PolicyEngine::end, Comparator.reverseOrder())
            .thenComparing(Restriction::from)
            .thenComparing(Restriction::id);

    /** What a feed could not name, a network cannot block by name. */
    private static final String UNCLASSIFIED = "other";

    private PolicyEngine() {}

    /** The policy, not yet numbered, that follows from the restrictions that hold at a moment. */
    public static Policy derive(Collection<Restriction> restrictions, Instant now) {
        List<Restriction> active =
                restrictions.stream().filter(each -> each.holdsAt(now)).toList();
        if (active.isEmpty()) {
            return Policy.UNRESTRICTED;
        }
        Level level = active.stream()
                .map(Restriction::level)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Speed speed = level.compareTo(Level.SUSPENDED_DATA) >= 0 ? null : slowest(active);
        Restriction shown = active.stream()
                .filter(each -> causes(each, level, speed))
                .min(BY_IMPORTANCE)
                .orElseThrow();
        return new Policy(
                level, speed, shown.reasonCode(), shown.id(), told(shown.until()), 0, blockedCategories(active, level));
    }

    /**
     * What slows the traffic that is not background traffic, where a policy blocks that: it has a reason and an end of its own.
     * Empty where nothing does.
     *
     * @param restrictions that the policy follows from
     */
    public static Optional<Policy> slowing(Policy policy, Collection<Restriction> restrictions, Instant now) {
        return policy.level() == Level.BACKGROUND_BLOCKED && policy.speed() != null
                ? Optional.of(derive(
                                restrictions.stream()
                                        .filter(each -> each.level() == Level.THROTTLED)
                                        .toList(),
                                now))
                        .filter(slow -> slow.speed() != null)
                : Optional.empty();
    }

    /** That a zone was left a moment ago is no other policy. */
    private static Until told(Until until) {
        return until instanceof Until.ZoneLeft ? new Until.ZoneLeft() : until;
    }

    /** The categories that are blocked, unless one of the causes is about all background traffic. */
    private static List<String> blockedCategories(List<Restriction> active, Level level) {
        if (level != Level.BACKGROUND_BLOCKED) {
            return List.of();
        }
        SortedSet<String> categories = new TreeSet<>();
        for (Restriction each : active) {
            String category = each.category();
            if (each.level() != level) {
                continue;
            }
            if (category == null || category.equals(UNCLASSIFIED)) {
                return List.of();
            }
            categories.add(category);
        }
        return List.copyOf(categories);
    }

    private static boolean causes(Restriction each, Level level, @Nullable Speed speed) {
        if (each.level() != level) {
            return false;
        }
        Speed own = each.speed();
        return level != Level.THROTTLED
                || own == null
                || speed == null
                || own.downKbps() == speed.downKbps()
                || own.upKbps() == speed.upKbps();
    }

    private static @Nullable Speed slowest(List<Restriction> active) {
        Speed slowest = null;
        for (Restriction each : active) {
            Speed own = each.speed();
            if (own != null) {
                slowest = slowest == null ? own : slowest.min(own);
            }
        }
        return slowest;
    }

    private static Instant end(Restriction each) {
        Instant moment = each.until().moment();
        return moment == null ? Instant.MAX : moment;
    }
}
