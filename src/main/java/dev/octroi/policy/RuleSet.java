package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All rules of one owner on one account: the unit that is read with an ETag and replaced with If-Match.
 *
 * @param owner whose rules
 * @param version 0 while the owner never wrote any, then one more for each change
 * @param rules at most {@link Rule#MAX_PER_OWNER}, ids unique
 */
public record RuleSet(Rule.Owner owner, long version, List<Rule> rules) {
    public RuleSet {
        requireNonNull(owner, "owner is null");
        rules = List.copyOf(rules);
        if (rules.size() > Rule.MAX_PER_OWNER) {
            throw new IllegalArgumentException("at most " + Rule.MAX_PER_OWNER + " rules");
        }
        Set<String> ids = new HashSet<>();
        for (Rule rule : rules) {
            if (rule.owner() != owner) {
                throw new IllegalArgumentException("a rule of another owner");
            }
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException("two rules with one id");
            }
            if (owner == Rule.Owner.USER && rule.then().stream().anyMatch(Action.Suspend.class::isInstance)) {
                throw new IllegalArgumentException("a traveller's rule cannot suspend everything");
            }
        }
    }

    /** The strong entity tag, quotes included. */
    public String etag() {
        return "\"" + owner.word() + "-" + version + "\"";
    }
}
