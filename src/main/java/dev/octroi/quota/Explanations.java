package dev.octroi.quota;

import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Restriction;
import dev.octroi.quota.account.AccountState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what held at a moment. */
final class Explanations {
    private static final Comparator<Explanation.Held> BY_CLASS = Comparator.comparing(
                    (Explanation.Held each) -> each.restriction().restrictionClass())
            .thenComparing(each -> each.restriction().from())
            .thenComparing(each -> each.restriction().id());

    private Explanations() {}

    /**
     * @param log what is known of each restriction at the moment; empty: it had ended
     * @param decision the one in force then; null before the first
     */
    static Explanation of(
            AccountState state,
            Instant at,
            Map<String, Optional<Explanation.Held>> log,
            @Nullable DecisionView decision) {
        List<Explanation.Held> held = new ArrayList<>();
        log.values()
                .forEach(each ->
                        each.filter(one -> one.restriction().holdsAt(at)).ifPresent(held::add));
        for (Restriction each : state.restrictions()) {
            // What holds since before the log was kept is in no row of it.
            if (!log.containsKey(each.id()) && !each.from().isAfter(at) && each.holdsAt(at)) {
                held.add(new Explanation.Held(each, 0, new JsonObject()));
            }
        }
        held.sort(BY_CLASS);
        Policy policy = PolicyEngine.derive(
                held.stream().map(Explanation.Held::restriction).toList(), at);
        return new Explanation(
                at,
                decision == null ? policy : policy.withVersion(decision.policy().version()),
                decision == null ? null : decision.decidedAt(),
                state.timeZone(),
                held);
    }
}
