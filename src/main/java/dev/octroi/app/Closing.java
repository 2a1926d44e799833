package dev.octroi.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, closed in reverse order from a plain thread. Each part has a deadline, so that one that hangs
 * does not keep the rest open; Vert.x's own futures cannot be chained past the close of their event loop.
 */
final class Closing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);
    private static final int PART_TIMEOUT_SECONDS = 15;

    private record Part(String name, AutoCloseable close) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private volatile boolean closed;

    <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    Vertx addVertx(Vertx vertx) {
        addFuture("vert.x", vertx::close);
        return vertx;
    }

    void addFuture(String name, Supplier<Future<?>> close) {
        parts.push(new Part(
                name,
                () -> close.get()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(PART_TIMEOUT_SECONDS, TimeUnit.SECONDS)));
    }

    /** Whether the stop has begun. */
    boolean isClosing() {
        return closed;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.close().close();
            } catch (Exception e) {
                log.warn("{} did not close in order", part.name(), e);
            }
        }
    }
}
