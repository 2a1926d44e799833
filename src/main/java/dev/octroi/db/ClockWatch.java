package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this process's clock with the database's, which all gateways share. Between two looks the database's time is
 * reckoned by the monotonic clock, so a clock that is set anew is found out at the next question and not at the next look.
 * Before the first look no moment is trusted.
 */
public final class ClockWatch implements ClockTrust, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

    /** Clocks that are looked after differ by milliseconds; records may come from as far ahead. */
    static final Duration MAX_APART = Duration.ofMinutes(5);

    /** So near the own clock is as good as the database's, which is only known to the length of a question. */
    private static final Duration SAME = Duration.ofSeconds(1);

    private static final long PERIOD_MS = 5_000;

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ClockStore store = new ClockStore();

    private volatile @Nullable Look last;
    private volatile boolean told;
    private volatile long timer = -1;

    /** What the database's clock said, and the monotonic clock at the same moment. */
    private record Look(long databaseMs, long nanos) {}

    /**
     * @param clock the clock to compare
     * @param nanoTime monotonic clock in nanoseconds
     */
    public ClockWatch(Vertx vertx, Database database, InstantSource clock, LongSupplier nanoTime) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    }

    /** Looks now, and from then on every five seconds; completes after the first look. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(
                PERIOD_MS,
                id -> look().onFailure(failure -> log.warn("the database's clock could not be read", failure)));
        return look();
    }

    /** Asks the database for its time once. */
    public Future<Void> look() {
        return store.now(database.workerPool()).map(now -> {
            last = new Look(now.toEpochMilli(), nanoTime.getAsLong());
            tell();
            return null;
        });
    }

    @Override
    public boolean holds(Instant now) {
        Look look = last;
        return look != null && Math.abs(apartMs(look, now)) <= MAX_APART.toMillis();
    }

    /** Whether the clock may be believed now. */
    public boolean holds() {
        return holds(clock.instant());
    }

    /**
     * What time it is for what several gateways do in turns: this process's clock, and the database's where they are more than a
     * second apart.
     */
    public InstantSource shared() {
        return () -> {
            Instant own = clock.instant();
            Look look = last;
            long apartMs = look == null ? 0 : apartMs(look, own);
            return Math.abs(apartMs) <= SAME.toMillis() ? own : own.minusMillis(apartMs);
        };
    }

    /** Shows how far the clock is ahead of the database's, in seconds. */
    public void meter(MeterRegistry registry) {
        Gauge.builder("octroi.clock.ahead", this, ClockWatch::aheadSeconds)
                .baseUnit("seconds")
                .description("by how much this gateway's clock is ahead of the database's")
                .register(registry);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    private double aheadSeconds() {
        Look look = last;
        return look == null ? Double.NaN : apartMs(look, clock.instant()) / 1_000.0;
    }

    private long apartMs(Look look, Instant now) {
        long databaseMs = look.databaseMs() + (nanoTime.getAsLong() - look.nanos()) / 1_000_000;
        return now.toEpochMilli() - databaseMs;
    }

    private void tell() {
        boolean holds = holds();
        if (!holds && !told) {
            log.atError()
                    .addKeyValue("aheadSeconds", Math.round(aheadSeconds()))
                    .log(
                            "this gateway's clock is more than five minutes from the database's: nothing is decided by it");
        } else if (holds && told) {
            log.info("this gateway's clock is right again");
        }
        told = !holds;
    }
}
