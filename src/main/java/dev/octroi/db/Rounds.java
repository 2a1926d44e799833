package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work that comes round for as long as a gateway runs. No round begins before the one before it has ended, and one that fails
 * is told and comes again.
 */
public final class Rounds implements AutoCloseable {
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Duration period;
    private final Supplier<? extends Future<?>> round;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile long timer = NONE;

    /**
     * @param period from 1 ms, between the beginnings of rounds that end in time
     * @param failed told why a round failed, or what it threw
     */
    public Rounds(Vertx vertx, Duration period, Supplier<? extends Future<?>> round, Consumer<Throwable> failed) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.period = requireNonNull(period, "period is null");
        this.round = requireNonNull(round, "round is null");
        this.failed = requireNonNull(failed, "failed is null");
    }

    /** Begins the first round a period from now. */
    public void start() {
        timer = vertx.setPeriodic(period.toMillis(), tick -> next());
    }

    /** Begins the first round at once. */
    public void startNow() {
        next();
        start();
    }

    private void next() {
        if (running.compareAndSet(false, true)) {
            begun().onComplete(done -> {
                running.set(false);
                if (done.failed()) {
                    failed.accept(done.cause());
                }
            });
        }
    }

    /** What throws has failed as well: it must not be taken for a round that never ends. */
    private Future<?> begun() {
        try {
            return round.get();
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }

    /** Begins no more rounds; one under way goes on. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
