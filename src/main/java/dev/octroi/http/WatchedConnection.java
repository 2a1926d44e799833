package dev.octroi.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/** What is known of one connection's pace. Times are milliseconds of a monotonic clock. */
final class WatchedConnection {

    private static final long CONTROL_WINDOW_MS = 10_000;

    private final ConnectionLimits limits;
    private final Map<HttpServerRequest, Long> inFlight = new HashMap<>();
    private long quietSinceMs;
    private long controlSinceMs;
    private int controlFrames;

    WatchedConnection(long nowMs, ConnectionLimits limits) {
        this.limits = limits;
        this.quietSinceMs = nowMs;
        this.controlSinceMs = nowMs;
    }

    synchronized void begin(HttpServerRequest request, long nowMs) {
        inFlight.put(request, nowMs);
    }

    synchronized void end(HttpServerRequest request, long nowMs) {
        inFlight.remove(request);
        quietSinceMs = nowMs;
    }

    /** No head for too long while nothing else is under way, or a body that does not end. */
    synchronized boolean isTooSlow(long nowMs) {
        if (inFlight.isEmpty()) {
            return nowMs - quietSinceMs > limits.headTimeoutMs();
        }
        return inFlight.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().isEnded() && nowMs - entry.getValue() > limits.bodyTimeoutMs());
    }

    synchronized boolean isFlooding(long nowMs) {
        if (nowMs - controlSinceMs > CONTROL_WINDOW_MS) {
            controlSinceMs = nowMs;
            controlFrames = 0;
        }
        controlFrames++;
        return controlFrames > limits.maxControlFrames();
    }
}
