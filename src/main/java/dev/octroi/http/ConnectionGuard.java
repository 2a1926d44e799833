package dev.octroi.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts the connections of a listener and closes those that are too many, or too slow to send a request: a client that
 * drips one byte every few seconds is never idle, yet holds a connection for ever (Slowloris).
 */
final class ConnectionGuard implements Handler<RoutingContext> {

    private static final long MAX_SWEEP_MS = 1_000;

    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final Map<HttpConnection, WatchedConnection> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();

    ConnectionGuard(Vertx vertx, ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        long sweepMs =
                Math.max(1, Math.min(MAX_SWEEP_MS, Math.min(limits.headTimeoutMs(), limits.bodyTimeoutMs()) / 4));
        vertx.setPeriodic(sweepMs, timer -> sweep());
    }

    /** Takes a new connection under watch, or closes it at once. */
    void watch(HttpConnection connection, boolean http1) {
        String address = AddressRange.of(connection.remoteAddress());
        int ofAddress = perAddress.merge(address, 1, Integer::sum);
        WatchedConnection watched = new WatchedConnection(nowMs(), limits);
        open.put(connection, watched);
        connection.closeHandler(closed -> {
            open.remove(connection);
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        });
        if (open.size() > limits.maxConnections() || ofAddress > limits.maxPerAddress()) {
            connection.close();
            return;
        }
        if (!http1) {
            connection.pingHandler(ping -> countControlFrame(connection, watched));
            connection.remoteSettingsHandler(settings -> countControlFrame(connection, watched));
        }
    }

    /** Notes that a request's head is complete, and later that it is answered. */
    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        WatchedConnection watched = open.get(request.connection());
        if (watched != null) {
            watched.begin(request, nowMs());
            ctx.addEndHandler(ended -> watched.end(request, nowMs()));
        }
        ctx.next();
    }

    /** Open connections. */
    int size() {
        return open.size();
    }

    private void countControlFrame(HttpConnection connection, WatchedConnection watched) {
        if (watched.isFlooding(nowMs())) {
            connection.close();
        }
    }

    private void sweep() {
        long nowMs = nowMs();
        open.forEach((connection, watched) -> {
            if (watched.isTooSlow(nowMs)) {
                connection.close();
            }
        });
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
}
