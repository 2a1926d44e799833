package dev.octroi.support;

import dev.octroi.callback.event.EventLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Alarms of the drain detector: stored with the usage that raised them. */
public final class Alarms {
    private final AlarmStore store = new AlarmStore();
    private final EventLog events = new EventLog();

    /**
     * Stores alarms, and for each incident that is new opens a case and tells it ({@code case.opened}), in the counting transaction. A
     * report of a known incident brings its open alarm up to date and opens nothing; where the incident is settled and holds data more
     * strictly than it was settled for, or again after its hold had run out, its alarm is open again and has another case.
     *
     * @param connection a connection of the worker role with the counting transaction open
     * @param reports 0 to about 1,000, at most one for each incident
     */
    public Future<Void> open(SqlConnection connection, List<AlarmReport> reports) {
        return store.report(connection, reports).compose(opened -> events.append(connection, opened));
    }

    /**
     * Keeps answers with their alarms, in the counting transaction; a later answer takes the place of an earlier one.
     *
     * @param answers 0 to about 1,000
     */
    public Future<Void> answer(SqlConnection connection, List<AlarmAnswer> answers) {
        return answers.isEmpty() ? Future.succeededFuture() : store.answer(connection, answers);
    }
}
