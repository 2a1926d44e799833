package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Rounds;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes settlements that broke off: a gateway died on the way, or the account was busy. */
public final class SettlementJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SettlementJob.class);

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Rounds rounds;

    public SettlementJob(Vertx vertx, Cases cases) {
        requireNonNull(cases, "cases is null");
        this.rounds = new Rounds(
                vertx,
                PERIOD,
                cases::finishInterrupted,
                failure -> log.warn("an interrupted settlement was not finished", failure));
    }

    /** Begins to look for settlements, now and once a minute. */
    public void start() {
        rounds.startNow();
    }

    @Override
    public void close() {
        rounds.close();
    }
}
