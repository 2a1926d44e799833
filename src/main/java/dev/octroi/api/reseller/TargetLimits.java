package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.access.Targets;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Action;
import dev.octroi.policy.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses changes of policy that the caller's credential is not meant for. */
public final class TargetLimits {
    private TargetLimits() {}

    /** Refuses with 403 unless the credential allows an action everywhere. */
    public static void require(Principal caller, String action) {
        if (!Targets.allowAction(caller.targets(), action) || !Targets.allowPlaces(caller.targets(), Set.of())) {
            throw refused();
        }
    }

    /** Refuses with 403 unless the credential allows all that a rule does, where it does it. */
    public static void require(Principal caller, Rule rule) {
        boolean allowed =
                Targets.allowPlaces(caller.targets(), rule.when().where().zones())
                        && rule.then().stream().allMatch(each -> Targets.allowAction(caller.targets(), name(each)));
        if (!allowed) {
            throw refused();
        }
    }

    /** Refuses with 403 unless the credential allows each rule that comes, goes or changes. */
    public static void require(Principal caller, List<Rule> before, List<Rule> after) {
        Set<Rule> touched = new HashSet<>(before);
        after.forEach(rule -> {
            if (!touched.remove(rule)) {
                touched.add(rule);
            }
        });
        touched.forEach(rule -> require(caller, rule));
    }

    /** What a target calls it: the word of the strongest thing that it does. */
    private static String name(Action action) {
        return switch (action) {
            case Action.Notify notify -> "notify";
            case Action.Throttle throttle -> "throttle";
            case Action.BlockBackground block -> "block";
            case Action.BlockCategories block -> "block";
            case Action.BlockZone block -> "block";
            case Action.Ask ask -> "pause";
            case Action.Pause pause -> "pause";
            case Action.Suspend suspend -> "suspend";
        };
    }

    private static RuntimeException refused() {
        return Problem.of(ProblemType.FORBIDDEN, "Your credential is not meant for this action or place")
                .withCode("outside_targets")
                .toException();
    }
}
