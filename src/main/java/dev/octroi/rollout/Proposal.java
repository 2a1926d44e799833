package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.Words;
import java.util.List;

/**
 * A change as somebody proposes it.
 *
 * @param reason why, 1 to 200 characters
 */
public record Proposal(ChangeAct act, ChangeTarget target, List<RolloutPlan.Step> steps, StopWhen stop, String reason) {
    public Proposal {
        requireNonNull(act, "act is null");
        requireNonNull(target, "target is null");
        requireNonNull(stop, "stop is null");
        Words.reason(reason);
        RolloutPlan.check(steps);
        steps = List.copyOf(steps);
    }
}
