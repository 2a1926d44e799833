package dev.octroi.callback.event;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** The log of what happened, for the event feed and for webhooks. */
public final class EventLog {
    private final EventStore store = new EventStore();

    /**
     * Writes events and, in the same statement, one webhook delivery for each active endpoint of the tenant that asked
     * for the type. Call {@code Dispatcher.nudge()} after the commit.
     *
     * @param connection a connection of either role with the deciding transaction open
     * @param events 0 to about 1,000 events
     */
    public Future<Void> append(SqlConnection connection, List<Event> events) {
        return store.append(connection, events);
    }
}
