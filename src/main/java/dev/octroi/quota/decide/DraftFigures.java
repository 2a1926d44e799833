package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.RuleCount;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was known when something was decided: "why was it slow?". */
final class DraftFigures {
    private DraftFigures() {}

    static long ruleVersion(Draft draft, @Nullable String ruleKey) {
        return ruleKey == null
                ? 0
                : draft.rules.values().stream()
                        .filter(set -> ruleKey.startsWith(set.owner().word() + ":"))
                        .mapToLong(RuleSet::version)
                        .findFirst()
                        .orElse(0);
    }

    static Map<String, Object> known(Draft draft, Restriction restriction) {
        Map<String, Object> known = figures(draft);
        RuleCount count = restriction.ruleId() == null ? null : draft.ruleCounts.get(restriction.ruleId());
        if (count != null && count.amount() > 0) {
            known.put("counted", count.amount());
        }
        return known;
    }

    static Map<String, Object> inputs(Draft draft) {
        Map<String, Object> inputs = figures(draft);
        inputs.put(
                "restrictions",
                draft.restrictions().stream().map(Restriction::id).toList());
        return inputs;
    }

    private static Map<String, Object> figures(Draft draft) {
        Map<String, Object> inputs = new HashMap<>();
        inputs.put("usedBytes", draft.usedBytes);
        inputs.put("beyondBytes", draft.beyondVolumeBytes());
        inputs.put("remainingBytes", draft.remainingBytes());
        inputs.put("todayBytes", draft.day.bytes());
        Place at = draft.place;
        if (at != null) {
            inputs.put("country", at.country());
        }
        return inputs;
    }
}
