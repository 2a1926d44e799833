package dev.octroi.drain;

import java.util.Locale;

/** The sort of plan a subscription was sold under; chooses the population that stands in for missing history. */
public enum PlanClass {
    /** Little data, mostly messages. */
    LIGHT,
    /** A normal phone. */
    REGULAR,
    /** A lot of video. */
    HEAVY,
    /** A short trip. */
    TRAVEL,
    /** Work: calls, cloud, roaming. */
    BUSINESS,
    /** Machines. */
    IOT;

    private static final long LIGHT_MAX_MB = 2_048;
    private static final long IOT_MAX_MB = 100;
    private static final long HEAVY_MIN_MB = 40_960;
    private static final PlanClass[] VALUES = values();

    static PlanClass at(int ordinal) {
        return VALUES[ordinal];
    }

    /**
     * Finds the class of a plan by a word in its name, else by its monthly allowance.
     *
     * @param allowanceMb monthly allowance in megabytes; 0 or less when unlimited or not known
     */
    public static PlanClass of(String planName, long allowanceMb) {
        String name = planName.toLowerCase(Locale.ROOT);
        for (PlanClass each : VALUES) {
            if (name.contains(each.name().toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        if (allowanceMb <= 0) {
            return REGULAR;
        }
        if (allowanceMb <= IOT_MAX_MB) {
            return IOT;
        }
        if (allowanceMb <= LIGHT_MAX_MB) {
            return LIGHT;
        }
        return allowanceMb >= HEAVY_MIN_MB ? HEAVY : TRAVEL;
    }
}
