package dev.octroi.app;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Postmaster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's embedded PostgreSQL, started again where it ends by itself, killed for want of memory for example. The
 * port stays, so that the pools find it again. What ends too often is given up: a process that is alive without a
 * database is helped by no supervisor.
 */
final class EmbeddedWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedWatch.class);
    private static final int MAX_STARTS = 3;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    // Backends of a killed server notice its end by themselves; until then its memory is in use.
    private static final int TRIES = 10;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final Path directory;
    private final int connections;
    private final LongSupplier nanoTime;
    private final BooleanSupplier stopping;
    private final Runnable giveUp;
    private final Deque<Long> starts = new ArrayDeque<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("octroi-database").unstarted(this::look);

    // Guarded by this.
    private EmbeddedServer server;
    private boolean closed;
    private int restarts;

    private EmbeddedWatch(
            Path directory, int connections, LongSupplier nanoTime, BooleanSupplier stopping, Runnable giveUp) {
        this.directory = directory;
        this.connections = connections;
        this.nanoTime = nanoTime;
        this.stopping = stopping;
        this.giveUp = giveUp;
        this.server = EmbeddedServer.start(directory, true, connections);
    }

    /**
     * Starts the server, or adopts one that still runs on the same data. Blocking.
     *
     * @param connections how many the server takes
     * @param nanoTime monotonic, in nanoseconds
     * @param stopping whether the gateway stops; whoever asked it to may have asked the server, too, which is left then
     * @param giveUp called once when the server ended more than three times within ten minutes
     */
    static EmbeddedWatch start(
            Path directory, int connections, LongSupplier nanoTime, BooleanSupplier stopping, Runnable giveUp) {
        EmbeddedWatch watch = new EmbeddedWatch(directory, connections, nanoTime, stopping, giveUp);
        watch.thread.start();
        return watch;
    }

    /** Where the server listens, for as long as this is open. */
    synchronized DatabaseConfig config() {
        return server.config();
    }

    /** How often it was started again. */
    synchronized int restarts() {
        return restarts;
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        server.close();
    }

    private void look() {
        try {
            while (true) {
                Optional<Postmaster> running = Postmaster.of(directory);
                if (running.isPresent()) {
                    running.get().await();
                }
                if (isClosed()) {
                    return;
                }
                if (!isUpAgain()) {
                    giveUp.run();
                    return;
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed || stopping.getAsBoolean();
    }

    private boolean isUpAgain() throws InterruptedException {
        if (!isRoomForAStart()) {
            log.error("the embedded PostgreSQL ended {} times within {}: giving up", MAX_STARTS + 1, WITHIN);
            return false;
        }
        log.error("the embedded PostgreSQL has ended by itself (see server.log beside its data) and is started again");
        for (int i = 0; i < TRIES; i++) {
            if (isStarted()) {
                return true;
            }
            Thread.sleep(TRY_AGAIN);
        }
        log.error("the embedded PostgreSQL cannot be started again: giving up");
        return false;
    }

    private boolean isRoomForAStart() {
        long now = nanoTime.getAsLong();
        starts.removeIf(at -> now - at > WITHIN.toNanos());
        if (starts.size() >= MAX_STARTS) {
            return false;
        }
        starts.add(now);
        return true;
    }

    /** Whether it runs again, or need not. */
    private synchronized boolean isStarted() {
        if (isClosed()) {
            return true;
        }
        try {
            server.close();
            server = EmbeddedServer.start(directory, true, connections);
        } catch (RuntimeException e) {
            log.warn("the embedded PostgreSQL did not start: {}", e.getMessage());
            return false;
        }
        log.warn("the embedded PostgreSQL runs again");
        restarts++;
        return true;
    }
}
