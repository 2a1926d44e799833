package dev.octroi.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of one connection's pace. Times are milliseconds of a monotonic clock. */
final class WatchedConnection {

    private static final long CONTROL_WINDOW_MS = 10_000;

    private final ConnectionLimits limits;
    private final Map<HttpServerRequest, Long> inFlight = new HashMap<>();
    private long quietSinceMs;
    private long controlSinceMs;
    private int controlFrames;
    private boolean answered;

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
        answered = true;
    }

    /** No head for too long while nothing else is under way, or a body that does not end. */
    boolean isTooSlow(long nowMs) {
        // A request is asked without our lock: Vert.x calls end() while it holds the request's, and the two would wait
        // for each other for ever.
        return late(nowMs).stream().anyMatch(request -> request == null || !request.isEnded());
    }

    /** The requests whose time for a body is over; a null stands for the head that never came. */
    private synchronized List<@Nullable HttpServerRequest> late(long nowMs) {
        List<@Nullable HttpServerRequest> late = new ArrayList<>();
        if (inFlight.isEmpty() && nowMs - quietSinceMs > (answered ? limits.keepAliveMs() : limits.headTimeoutMs())) {
            late.add(null);
        }
        inFlight.forEach((request, sinceMs) -> {
            if (nowMs - sinceMs > limits.bodyTimeoutMs()) {
                late.add(request);
            }
        });
        return late;
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
