package dev.octroi.drain;

import java.util.Locale;

/** The sort of plan a subscription was sold under; chooses the population that stands in for missing history. */
public enum PlanClass {
    /** Little data, mostly messages. */
    LIGHT(0),
    /** A normal phone. */
    REGULAR(1),
    /** A lot of video. */
    HEAVY(2),
    /** A short trip. */
    TRAVEL(3),
    /** Work: calls, cloud, roaming. */
    BUSINESS(4),
    /** Machines. */
    IOT(5);

    private static final long LIGHT_MAX_MB = 2_048;
    private static final long IOT_MAX_MB = 100;
    private static final long HEAVY_MIN_MB = 40_960;
    private static final PlanClass[] VALUES = values();

    private final int code;

    PlanClass(int code) {
        this.code = code;
    }

    static PlanClass at(int code) {
        return VALUES[code];
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

    /** Its place in weights and in serialised states; never reused. */
    int code() {
        return code;
    }
}
