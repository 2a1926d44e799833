package dev.octroi.api.admin;

import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rollout.Rollout.Wish;
import java.util.Map;

/** The operations of the admin API on changes over many subscriptions, by operationId. */
final class PolicyChangeApi {
    private PolicyChangeApi() {}

    /** The handlers, for {@link AdminApi}. */
    static Map<String, OperationHandler> handlers(AdminCalls calls, PolicyChanges changes, Cursors cursors) {
        return Map.of(
                "proposePolicyChange", new ProposeChangeHandler(calls, changes),
                "listPolicyChanges", new ListChangesHandler(calls, changes, cursors),
                "getPolicyChange", new GetChangeHandler(calls, changes),
                "listPolicyChangeItems", new ListChangeItemsHandler(calls, changes, cursors),
                "approvePolicyChange", new ChangeWishHandler(calls, changes, Wish.APPROVE),
                "rejectPolicyChange", new ChangeWishHandler(calls, changes, Wish.REJECT),
                "pausePolicyChange", new ChangeWishHandler(calls, changes, Wish.PAUSE),
                "resumePolicyChange", new ChangeWishHandler(calls, changes, Wish.RESUME),
                "undoPolicyChange", new ChangeWishHandler(calls, changes, Wish.UNDO));
    }
}
