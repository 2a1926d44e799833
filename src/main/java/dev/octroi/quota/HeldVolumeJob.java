package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for data that is held back for want of volume although there is some, and has those accounts looked at, which lets it
 * go. Gateways of before held back what was little, and while they run beside this one they also use up any timer that is set
 * but once: so this goes on as long as the gateway runs, one virtual shard after the other, all of them within the hour.
 */
public final class HeldVolumeJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeldVolumeJob.class);

    private static final long PERIOD_MS = Duration.ofSeconds(10).toMillis();

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final AccountTimerStore store = new AccountTimerStore();

    private volatile long timer = -1;
    private volatile boolean running;
    private volatile int next;

    public HeldVolumeJob(Vertx vertx, Database database, InstantSource clock, ClockTrust trust) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
    }

    /** Begins to look, at one virtual shard every ten seconds. */
    public void start() {
        timer = vertx.setPeriodic(PERIOD_MS, id -> {
            if (!running) {
                running = true;
                look(next)
                        .onFailure(failure -> log.warn("volume that is held back could not be looked for", failure))
                        .onComplete(done -> running = false);
                next = (next + 1) % Ids.SHARDS;
            }
        });
    }

    /**
     * Has the accounts of one virtual shard that are concerned looked at by the next tick, and none while the clock is wrong;
     * how many those are.
     *
     * @param vshard from 0
     */
    Future<Integer> look(int vshard) {
        Instant now = clock.instant();
        return trust.holds(now)
                ? database.inWorker(connection -> store.wakeHeld(connection, vshard, now))
                : Future.succeededFuture(0);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
