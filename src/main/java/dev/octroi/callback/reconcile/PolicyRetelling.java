package dev.octroi.callback.reconcile;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Has the network told a policy in force once more, where what it has confirmed holds no longer: its SIM is another one, or the
 * session is over that it was told for. The policy counts as unconfirmed from then on and goes out with
 * {@code "repair": true}, because the receiver may know the version.
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
        RetellingStore.Told told = new RetellingStore.Told(tenantId, subscriptionId);
        // In the order in which an attempt is put down.
        return again(connection, told, now)
                .compose(done -> store.forgetCopy(connection, told))
                .compose(done -> store.unconfirm(connection, told, now));
    }

    /**
     * A session that has begun.
     *
     * @param imsiIndex whose, as {@code BlindIndex.network(IMSI, …)}
     * @param at when, where it is known by what was heard later: only what was confirmed before is told again; empty: now
     */
    public record Begun(byte[] imsiIndex, Optional<Instant> at) {}

    /**
     * Sessions have begun. A network element that is told by RADIUS keeps nothing for the next session (RFC 5176 changes and ends
     * those that there are), so what is not full speed is told again. Call {@code Dispatcher.nudge()} afterwards.
     *
     * @param sessions 1 to 500
     * @return how many policies are told again
     */
    public Future<Integer> ofBegunSessions(Database database, List<Begun> sessions, Instant now) {
        return store.toldByRadius(database.workerPool(), sessions).compose(found -> {
            // Each by itself, so that no two wait for each other crosswise.
            Future<Void> all = Future.succeededFuture();
            for (RetellingStore.Told told : found) {
                all = all.compose(done -> database.inWorker(connection -> ofBegunSession(connection, told, now)));
            }
            return all.map(found.size());
        });
    }

    private Future<Void> ofBegunSession(SqlConnection connection, RetellingStore.Told told, Instant now) {
        return again(connection, told, now).compose(done -> store.unconfirm(connection, told, now));
    }

    private Future<Void> again(SqlConnection connection, RetellingStore.Told told, Instant now) {
        return store.again(connection, told, now, ids.next(told.vshard()));
    }
}
