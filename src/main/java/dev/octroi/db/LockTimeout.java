package dev.octroi.db;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Bounds how long each statement of a migration waits for a table. */
final class LockTimeout extends BaseCallback {
    private final int timeoutMs;

    LockTimeout(int timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return Event.AFTER_CONNECT.equals(event);
    }

    @Override
    public void handle(Event event, Context context) {
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute("SET lock_timeout = " + timeoutMs);
        } catch (SQLException e) {
            throw new FlywayException("the lock timeout cannot be set", e);
        }
    }
}
