package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes 63-bit identifiers that sort by time and carry their virtual shard.
 *
 * <p>Layout, from the high end: 41 bits of milliseconds since 2025-01-01T00:00:00Z (69 years), 14 bits that count from
 * a random start within this process, 8 bits of virtual shard. Two processes that draw in the same millisecond for the
 * same shard collide with a chance of 1 in 16,384; the primary key then refuses the second row.
 */
public final class Ids {
    /** Number of virtual shards; fixed for the life of a database, because it is part of every identifier. */
    public static final int SHARDS = 256;

    private static final long EPOCH_MS = 1_735_689_600_000L;
    private static final int SHARD_BITS = 8;
    private static final int COUNTER_BITS = 14;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong counter;

    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
        this.counter = new AtomicLong(random.nextLong());
    }

    /** An identifier on a virtual shard drawn at random: for the root of a family of rows, such as a subscription. */
    public long next() {
        return next(random.nextInt(SHARDS));
    }

    /** An identifier on the given virtual shard (0 to 255), so that the rows of one family stay together. */
    public long next(int shard) {
        if (shard < 0 || shard >= SHARDS) {
            throw new IllegalArgumentException("shard out of range: " + shard);
        }
        long ms = Math.max(0, clock.millis() - EPOCH_MS);
        long count = counter.incrementAndGet() & COUNTER_MASK;
        return ms << (COUNTER_BITS + SHARD_BITS) | count << SHARD_BITS | shard;
    }

    /** What no identifier made from a moment on is below, on any virtual shard. */
    public static long firstAt(Instant moment) {
        return Math.max(0, moment.toEpochMilli() - EPOCH_MS) << (COUNTER_BITS + SHARD_BITS);
    }

    /** The virtual shard that an identifier carries, 0 to 255. */
    public static short shardOf(long id) {
        return (short) (id & (SHARDS - 1));
    }
}
