package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes settlements that broke off: a gateway died on the way, or the account was busy. */
public final class SettlementJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SettlementJob.class);

    private static final long PERIOD_MS = 60_000;

    private final Vertx vertx;
    private final Cases cases;

    private volatile long timer = -1;
    private volatile boolean running;

    public SettlementJob(Vertx vertx, Cases cases) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.cases = requireNonNull(cases, "cases is null");
    }

    /** Begins to look for settlements, now and once a minute. */
    public void start() {
        look();
        timer = vertx.setPeriodic(PERIOD_MS, id -> look());
    }

    private void look() {
        if (running) {
            return;
        }
        running = true;
        cases.finishInterrupted()
                .onFailure(failure -> log.warn("interrupted settlements were not finished", failure))
                .onComplete(done -> running = false);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
