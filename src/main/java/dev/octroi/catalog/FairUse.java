package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.Speed;
import java.util.List;

/**
 * Speeds that fall with use: "3 GB a day at full speed, then 512 kbit/s, then 128 kbit/s". They hold beside the volume,
 * until their window is over.
 *
 * @param window the span over which bytes are added up
 * @param tiers from the smallest volume to the largest, each slower than the one before; 1 to 5
 */
public record FairUse(Window window, List<Tier> tiers) {
    private static final int MAX_TIERS = 5;
    private static final long MAX_BYTES = 1_000_000_000_000_000L;

    public FairUse {
        requireNonNull(window, "window is null");
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty() || tiers.size() > MAX_TIERS) {
            throw new IllegalArgumentException("fair use has 1 to 5 tiers");
        }
        for (int i = 1; i < tiers.size(); i++) {
            Tier before = tiers.get(i - 1);
            Tier after = tiers.get(i);
            boolean slower = after.speed().min(before.speed()).equals(after.speed())
                    && !after.speed().equals(before.speed());
            if (after.fromBytes() <= before.fromBytes() || !slower) {
                throw new IllegalArgumentException("each tier begins later than the one before and is slower");
            }
        }
    }

    /**
     * One speed.
     *
     * @param fromBytes bytes of the window at which it begins, 1 byte to 1 PB
     * @param speed the cap
     */
    public record Tier(long fromBytes, Speed speed) {
        public Tier {
            requireNonNull(speed, "speed is null");
            if (fromBytes < 1 || fromBytes > MAX_BYTES) {
                throw new IllegalArgumentException("a tier begins at 1 byte to 1 PB");
            }
        }
    }

    /** The span of fair use, in the plan's {@link DayZone}. */
    public enum Window {
        DAY,
        /** From Monday. */
        WEEK,
        /** The plan's whole period. */
        PLAN
    }
}
