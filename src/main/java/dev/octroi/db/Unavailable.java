package dev.octroi.db;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Whether work failed because the database was away or too busy, and not because of the work: a later try may well succeed.
 * Vert.x has a type for some of these failures and mere words for others.
 */
public final class Unavailable {
    /**
     * Statement, lock and transaction time-outs, cancelled, too many connections, shutting down, disk full, lost races, only
     * to be read, a statement prepared before a migration changed what it finds, a password that was changed before the gateway's.
     */
    private static final Set<String> PASSING = Set.of(
            "57014", "55P03", "25P03", "53300", "53100", "53200", "57P01", "57P02", "57P03", "40001", "40P01", "25006",
            "0A000", "28P01", "28000");

    private static final List<Class<? extends Exception>> OF_CONNECTIONS = List.of(
            ClosedConnectionException.class,
            ClosedChannelException.class,
            SocketException.class,
            UnknownHostException.class,
            SSLException.class);

    private static final List<String> WORDS_OF_VERTX = List.of(
            "Connection is not active now",
            "Pending requests failed to be sent due to connection",
            "Connection was closed",
            "SSL handshake failed",
            "Timeout waiting for connection");

    private static final List<String> WORDS_OF_THE_SYSTEM =
            List.of("Connection reset", "Broken pipe", "Connection timed out", "No route to host");

    private Unavailable() {}

    /** Whether this failure, its causes apart, is one that passes. */
    public static boolean isSaidBy(Throwable failure) {
        return failure instanceof ConnectionPoolTooBusyException
                || failure instanceof TimeoutException
                || (failure instanceof DatabaseException sql && PASSING.contains(sql.getSqlState()))
                || isLostConnection(failure);
    }

    /** Whether the connection had ended or could not be made. */
    static boolean isLostConnection(Throwable failure) {
        return OF_CONNECTIONS.stream().anyMatch(kind -> kind.isInstance(failure))
                || (failure instanceof VertxException vertx && startsWithOne(vertx, WORDS_OF_VERTX))
                || (failure instanceof IOException system && startsWithOne(system, WORDS_OF_THE_SYSTEM));
    }

    private static boolean startsWithOne(Exception said, List<String> words) {
        return words.stream().anyMatch(String.valueOf(said.getMessage())::startsWith);
    }
}
