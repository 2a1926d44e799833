package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.access.Scopes;
import dev.octroi.access.Targets;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import java.util.Set;

/** Nobody hands out more than they have, except the operator, who has every scope by office. */
final class ClientGrants {
    private ClientGrants() {}

    /** Refuses scopes and targets that there are not. */
    static void requireThatAre(Set<String> scopes, Set<String> targets) {
        if (!Scopes.GRANTABLE.containsAll(scopes)) {
            throw Problem.of(ProblemType.UNPROCESSABLE, "A scope does not exist")
                    .withCode("unknown_scope")
                    .toException();
        }
        if (!targets.stream().allMatch(Targets::isTarget)) {
            throw Problem.of(ProblemType.UNPROCESSABLE, "A target does not exist")
                    .withCode("unknown_target")
                    .toException();
        }
    }

    /** Refuses with 403 to let a caller have the secret of a client that may do more than the caller. */
    static void requireNoMore(Principal caller, Set<String> scopes, Set<String> targets) {
        if (caller.tenantId() != AdminCalls.OPERATOR) {
            caller.require(scopes);
        }
        if (!Targets.within(targets, caller.targets())) {
            throw Problem.of(ProblemType.FORBIDDEN, "Your credential is not meant for this action or place")
                    .withCode("outside_targets")
                    .toException();
        }
    }
}
