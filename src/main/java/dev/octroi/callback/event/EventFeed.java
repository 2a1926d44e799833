package dev.octroi.callback.event;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What happened, oldest first, for those who pull instead of being called; the ids are those of the webhooks. */
public final class EventFeed {
    private final Database database;
    private final EventStore store = new EventStore();

    public EventFeed(Database database) {
        this.database = requireNonNull(database, "database is null");
    }

    /**
     * The events after one.
     *
     * @param after an event's id; empty: from the beginning
     * @param subscriptionId only events of one subscription; empty: all
     * @param limit 1 to 200
     * @return empty when {@code after} is not an event of the tenant
     */
    public Future<Optional<List<Event>>> page(
            int tenantId, OptionalLong after, OptionalLong subscriptionId, int limit) {
        return database.inTenant(
                tenantId,
                connection -> store.position(connection, tenantId, after)
                        .compose(position -> position.isEmpty()
                                ? Future.succeededFuture(Optional.empty())
                                : store.page(
                                                connection,
                                                tenantId,
                                                position.get(),
                                                subscriptionId.orElse(0),
                                                Math.clamp(limit, 1, 200))
                                        .map(Optional::of)));
    }

    /**
     * The events from a moment on, and maybe some that were written just before it.
     *
     * @param subscriptionId only events of one subscription; empty: all
     * @param limit 1 to 200
     */
    public Future<List<Event>> since(int tenantId, Instant moment, OptionalLong subscriptionId, int limit) {
        return database.inTenant(
                tenantId,
                connection -> store.since(connection, tenantId, moment)
                        .compose(position -> position.isEmpty()
                                ? Future.succeededFuture(List.of())
                                : store.page(
                                        connection,
                                        tenantId,
                                        position.get(),
                                        subscriptionId.orElse(0),
                                        Math.clamp(limit, 1, 200))));
    }

    /** Whether a tenant has an event, of which the feed can go on. */
    public Future<Boolean> isKnown(int tenantId, long event) {
        return database.inTenant(
                tenantId,
                connection -> store.position(connection, tenantId, OptionalLong.of(event))
                        .map(Optional::isPresent));
    }

    /** The newest event of a tenant, to begin a stream from now; empty when there is none. */
    public Future<OptionalLong> newest(int tenantId) {
        return database.inTenant(tenantId, connection -> store.newest(connection, tenantId));
    }
}
