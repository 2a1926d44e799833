package dev.octroi.quota;

import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What held at a moment, and why.
 *
 * @param at the moment
 * @param policy what followed from the restrictions, with the version of the decision then in force
 * @param decidedAt when that decision was made; null before the first
 * @param timeZone the traveller's, as it is now
 * @param held all restrictions, most important first
 */
public record Explanation(
        Instant at, Policy policy, @Nullable Instant decidedAt, ZoneId timeZone, List<Held> held) {
    public Explanation {
        held = List.copyOf(held);
    }

    /**
     * A restriction that held.
     *
     * @param restriction what, from when, until when, of which rule
     * @param ruleVersion version of the owner's rules that it came from; 0: it came from no rule
     * @param inputs what was known when it began: bytes used and left, country; empty for what began before this was kept
     */
    public record Held(Restriction restriction, long ruleVersion, JsonObject inputs) {}

    /** Since when the restriction that gives the reason holds; null when nothing is held back. */
    public @Nullable Instant since() {
        return since(policy);
    }

    /** Since when the restriction that gives a policy its reason holds; null when it is none of these. */
    public @Nullable Instant since(Policy of) {
        return restrictions().stream()
                .filter(each -> each.id().equals(of.restrictionId()))
                .map(Restriction::from)
                .findFirst()
                .orElse(null);
    }

    /** What held. */
    public List<Restriction> restrictions() {
        return held.stream().map(Held::restriction).toList();
    }
}
