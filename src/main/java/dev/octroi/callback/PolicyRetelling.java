package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Has the network told a policy in force once more, where what it has confirmed holds no longer: its SIM is another one. The policy
 * counts as unconfirmed from then on and goes out with {@code "repair": true}, because the receiver may know the version.
 */
public final class PolicyRetelling {
    private final Ids ids;
    private final RetellingStore store = new RetellingStore();

    public PolicyRetelling(Ids ids) {
        this.ids = requireNonNull(ids, "ids is null");
    }

    /**
     * The SIM of a subscription is another one; nothing happens where no policy was ever decided. Call
     * {@code Dispatcher.nudge()} after the commit.
     *
     * @param connection of the worker role, with the transaction open that replaces the SIM
     */
    public Future<Void> ofReplacedSim(SqlConnection connection, int tenantId, long subscriptionId, Instant now) {
        short vshard = Ids.shardOf(subscriptionId);
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        // In the order in which an attempt is put down.
        return store.again(connection, Tuple.of(vshard, tenantId, subscriptionId, at, ids.next(vshard)))
                .compose(done -> store.forgetCopy(connection, Tuple.of(vshard, tenantId, subscriptionId)))
                .compose(done -> store.unconfirm(connection, Tuple.of(vshard, tenantId, subscriptionId, at)));
    }
}
