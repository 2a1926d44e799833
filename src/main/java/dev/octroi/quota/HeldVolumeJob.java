package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for data that is held back for want of volume although there is some, and has those accounts looked at, which lets it
 * go. Gateways of before held back what was little, and while they run beside this one they also use up any timer that is set
 * but once: so this goes on as long as the gateway runs, one virtual shard after the other, all of them within the hour.
 */
public final class HeldVolumeJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeldVolumeJob.class);

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Database database;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final AccountTimerStore store = new AccountTimerStore();

    private final Rounds rounds;
    private final AtomicInteger round = new AtomicInteger();

    public HeldVolumeJob(Vertx vertx, Database database, InstantSource clock, ClockTrust trust) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.rounds = new Rounds(
                vertx,
                PERIOD,
                () -> look(Math.floorMod(round.getAndIncrement(), Ids.SHARDS)),
                failure -> log.warn("volume that is held back could not be looked for", failure));
    }

    /** Begins to look, at one virtual shard every ten seconds. */
    public void start() {
        rounds.start();
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
        rounds.close();
    }
}
