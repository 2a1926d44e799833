package dev.octroi.callback.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Where other features leave what must be told outside, in the very transaction that decided it. */
public final class Outbox {
    private final OutboxStore store = new OutboxStore();

    /**
     * Writes rows in one statement. Call {@code Dispatcher.nudge()} after the commit, or wait for the dispatcher's poll.
     *
     * @param connection a connection of either role with the deciding transaction open
     * @param rows 0 to about 1,000 rows
     */
    public Future<Void> append(SqlConnection connection, List<OutboxRow> rows) {
        return store.append(connection, rows);
    }

    /**
     * The insertion as text, for a statement that writes more at once: an {@code INSERT} that takes its rows from a relation
     * with the columns tenant_id, vshard, id, stream, endpoint_id, key, version, payload, created_at, in this order.
     *
     * @param relation name of a table expression of the statement
     * @param onlyHeard as {@link #appendHeard} does
     */
    public static String insertion(String relation, boolean onlyHeard) {
        return OutboxStore.insertion(relation, onlyHeard);
    }

    /**
     * Writes rows for operators. What names none of them (endpoint 0) is left out while no operator with a callback
     * address is registered: nobody ordered it, and whoever is registered later has no claim to hear of it.
     *
     * @param connection a connection of the worker role with the deciding transaction open
     * @param rows 0 to about 1,000 rows of the stream {@link Stream#ES2}
     */
    public Future<Void> appendHeard(SqlConnection connection, List<OutboxRow> rows) {
        return store.appendHeard(connection, rows);
    }
}
