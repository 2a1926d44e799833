package dev.octroi.callback;

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
}
