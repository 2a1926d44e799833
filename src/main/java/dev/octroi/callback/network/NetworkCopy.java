package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.OutboxRow;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a network that can be read was last known to have for a subscription.
 *
 * @param version of the policy that it stands for
 * @param policy that policy, as in {@link OutboxRow#payload}
 * @param number which request to CAMARA it was; 0 for a network that is no CAMARA API
 * @param assignmentId what the API calls the assignment; null while it has not said
 * @param qosProfile the QoS profile asked for; null where none was
 * @param elsewhere whether another connector holds what no QoS profile stands for
 */
record NetworkCopy(
        int tenantId,
        long subscriptionId,
        long partnerId,
        long version,
        JsonObject policy,
        State state,
        long number,
        @Nullable String assignmentId,
        @Nullable String qosProfile,
        boolean elsewhere) {
    NetworkCopy {
        requireNonNull(policy, "policy is null");
        requireNonNull(state, "state is null");
    }

    /** How it stands with the network. */
    enum State {
        /** There is no assignment. */
        NONE,
        /** Asked for, and not yet said to be in force. */
        REQUESTED,
        /** In force. */
        AVAILABLE,
        /** The network ended it. */
        UNAVAILABLE,
        /** We ended it, and the network is not done with that. */
        DELETING
    }
}
