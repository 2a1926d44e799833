package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.drain.AnsweredAlarm;
import io.vertx.core.Future;
import java.util.List;

/** The kept answers to alarms, for fitting: what was measured and what people said, without whose it was. */
public final class AlarmAnswers {
    /** Most answers of one reading. */
    public static final int MAX = 20_000;

    private final Database database;
    private final AlarmReadStore store = new AlarmReadStore();

    public AlarmAnswers(Database database) {
        this.database = requireNonNull(database, "database is null");
    }

    /**
     * The newest answers of all tenants, in no order of persons or times.
     *
     * @param limit 1 to {@link #MAX}
     */
    public Future<List<AnsweredAlarm>> newest(int limit) {
        return database.inWorker(connection -> store.answered(connection, Math.clamp(limit, 1, MAX)));
    }
}
