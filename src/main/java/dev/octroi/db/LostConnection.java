package dev.octroi.db;

import io.vertx.core.VertxException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.util.List;

/**
 * Whether work failed because its connection to the database had ended. Vert.x has a type for what was under way by then,
 * but says only in words what was about to be sent, or was asked of a connection whose end its pool had not heard of.
 */
public final class LostConnection {
    private static final List<String> WORDS = List.of(
            "Connection is not active now",
            "Pending requests failed to be sent due to connection",
            "Connection was closed");

    private LostConnection() {}

    /** Whether a new connection may well succeed where this failure came from. */
    public static boolean caused(Throwable failure) {
        return failure instanceof ClosedConnectionException
                || (failure instanceof VertxException said && WORDS.stream().anyMatch(startOf(said)::startsWith));
    }

    private static String startOf(VertxException said) {
        return String.valueOf(said.getMessage());
    }
}
