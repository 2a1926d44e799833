package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Reads accounts for pages and APIs, always as one tenant. */
public final class AccountReader {
    private final Database database;
    private final InstantSource clock;

    public AccountReader(Database database, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** One account with forecast and delivery; empty when the tenant has no such account. */
    public Future<Optional<AccountView>> view(int tenantId, long accountId) {
        return Future.failedFuture(
                new UnsupportedOperationException("not yet: " + database.hashCode() + clock.instant()));
    }

    /**
     * Use by hour, oldest first, hours without use left out.
     *
     * @param from first moment
     * @param to first moment after; at most 62 days later
     */
    public Future<List<UsagePoint>> usageByHour(int tenantId, long accountId, Instant from, Instant to) {
        return Future.failedFuture(new UnsupportedOperationException("not yet"));
    }

    /** Use by day of the account's time zone, otherwise as {@link #usageByHour}; at most 366 days. */
    public Future<List<UsagePoint>> usageByDay(int tenantId, long accountId, Instant from, Instant to) {
        return Future.failedFuture(new UnsupportedOperationException("not yet"));
    }
}
