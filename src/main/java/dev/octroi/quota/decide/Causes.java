package dev.octroi.quota.decide;

import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Restriction;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The causes that restrict an account while commands are being decided, and the policy that follows from them. */
final class Causes {
    private final Map<String, Restriction> restrictions = new LinkedHashMap<>();
    private boolean changed;
    private Policy policy;

    Causes(Policy policy, List<Restriction> restrictions) {
        this.policy = policy;
        for (Restriction each : restrictions) {
            this.restrictions.put(each.id(), each);
        }
    }

    /** What holds since the last {@link #settle}. */
    Policy policy() {
        return policy;
    }

    Collection<Restriction> all() {
        return restrictions.values();
    }

    boolean holds(String id) {
        return restrictions.containsKey(id);
    }

    @Nullable
    Restriction get(String id) {
        return restrictions.get(id);
    }

    /** Whether it was not there before, or otherwise. */
    boolean put(Restriction restriction) {
        boolean moved = !restriction.equals(restrictions.put(restriction.id(), restriction));
        changed |= moved;
        return moved;
    }

    /** Removes those that match; which they were. */
    List<String> remove(Predicate<Restriction> which) {
        if (restrictions.isEmpty()) {
            return List.of();
        }
        List<String> gone = restrictions.values().stream()
                .filter(which)
                .map(Restriction::id)
                .toList();
        gone.forEach(restrictions::remove);
        changed |= !gone.isEmpty();
        return gone;
    }

    /** The policy that follows, with the next number when it is another one. */
    Policy settle(Instant now) {
        if (changed) {
            changed = false;
            Policy derived = PolicyEngine.derive(restrictions.values(), now);
            if (!derived.sameAs(policy)) {
                policy = derived.withVersion(policy.version() + 1);
            }
        }
        return policy;
    }
}
