package dev.octroi.rsp.order;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Who wants to know of a profile's steps: subscriptions, which start and end with them. */
public interface ProfileListener {
    /** Nobody. */
    ProfileListener NONE = (connection, change) -> Future.succeededFuture();

    /**
     * Called for profiles of a subscription, within the transaction that records the step, on a connection of the worker role; a failed future rolls the
     * step back. Steps of one profile come in order, each once.
     */
    Future<Void> recorded(SqlConnection connection, ProfileChange change);

    /** Called after the commit, at most once; for work in transactions of its own. Must not block. */
    default void committed(ProfileChange change) {}
}
