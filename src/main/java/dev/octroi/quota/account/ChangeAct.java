package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;

/** What a change over many subscriptions does to each account. */
public sealed interface ChangeAct {
    /** Puts a rule into its owner's set, in the place of the one with its id. */
    record PutRule(Rule rule) implements ChangeAct {
        public PutRule {
            requireNonNull(rule, "rule is null");
        }
    }

    /** Takes a rule out of its owner's set. */
    record RemoveRule(Rule.Owner owner, String ruleId) implements ChangeAct {
        public RemoveRule {
            requireNonNull(owner, "owner is null");
            requireNonNull(ruleId, "ruleId is null");
        }
    }

    /**
     * Suspends, as {@link AccountCommand.Suspend} does.
     *
     * @param restrictionClass {@link RestrictionClass#LEGAL} or {@link RestrictionClass#ADMINISTRATIVE}
     * @param everything true: nothing passes; false: data only
     */
    record Suspend(RestrictionClass restrictionClass, boolean everything) implements ChangeAct {
        public Suspend {
            if (restrictionClass.compareTo(RestrictionClass.ADMINISTRATIVE) > 0) {
                throw new IllegalArgumentException("a change places legal and administrative holds only");
            }
        }
    }
}
