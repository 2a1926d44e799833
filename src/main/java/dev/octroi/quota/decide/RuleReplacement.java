package dev.octroi.quota.decide;

import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Replaces an owner's rules. Rules that stay as they were keep their count; the others begin anew. */
final class RuleReplacement {
    private RuleReplacement() {}

    static Reply apply(Draft draft, AccountCommand.PutRules command) {
        RuleSet before = draft.rules.getOrDefault(command.owner(), new RuleSet(command.owner(), 0, List.of()));
        Long expected = command.expectedVersion();
        if (expected != null && expected != before.version()) {
            return new Reply.Refused(
                    Refusal.STALE_VERSION, "The rules are at version " + before.version() + " by now.");
        }
        if (before.version() > 0 && before.rules().equals(command.rules())) {
            return Reply.REPEATED;
        }
        RuleSet after;
        try {
            after = new RuleSet(command.owner(), before.version() + 1, command.rules());
        } catch (IllegalArgumentException e) {
            return new Reply.Refused(Refusal.INVALID_RULES, "These rules cannot stand: " + e.getMessage() + ".");
        }
        draft.rules.put(command.owner(), after);
        forgetChanged(draft, before, after);
        draft.audit(
                command.actor(),
                "rules.replaced",
                command.reason(),
                Map.of(
                        "owner",
                        command.owner().word(),
                        "version",
                        after.version(),
                        "before",
                        RuleWords.audited(before.rules()),
                        "after",
                        RuleWords.audited(after.rules())));
        for (Rule rule : after.rules()) {
            RuleWatch.look(draft, rule);
        }
        return Reply.DONE;
    }

    private static void forgetChanged(Draft draft, RuleSet before, RuleSet after) {
        Set<Rule> kept = new HashSet<>(after.rules());
        for (Rule rule : before.rules()) {
            if (!kept.contains(rule)) {
                String key = RuleWatch.key(rule);
                draft.ruleCounts.remove(key);
                draft.release(each -> key.equals(each.ruleId()));
            }
        }
    }
}
