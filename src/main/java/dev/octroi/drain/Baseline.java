package dev.octroi.drain;

import java.nio.ByteBuffer;

/**
 * The learned normal of one subscription: mean and spread of every base quantity and of every category's ranks, on the
 * log scale. Few own days lean on the population of the plan, many stand alone (empirical Bayes).
 */
final class Baseline {
    static final int BASE = FeatureSpec.BASE.size();
    static final int RANKS = FeatureSpec.CATEGORY_RANKS.length;
    static final int SIZE = BASE + HourRing.CATEGORIES * RANKS;
    /** Place of the day's volume. */
    static final int DAY = 20;
    /** Place of the second largest night hour. */
    static final int NIGHT = 12;
    /** Place of the count of records. */
    static final int COUNT = 22;

    private static final float MEAN_UNIT = 1_000f;
    private static final float MEAN_MAX = 32f;
    private static final float PRIOR_SPREAD_DAYS = 8f;
    private static final float MEMORY_DAYS = 15f;
    private static final float CLIP_HIGH = 2f;
    private static final float CLIP_LOW = 3f;

    private final short[] mean = new short[SIZE];
    private final short[] squares = new short[SIZE];
    private float days;

    // Derived from the above and the population; never serialised.
    private final float[] center = new float[SIZE];
    private final float[] spread = new float[SIZE];
    private final float[] deviation = new float[SIZE];
    private float usualDay;
    private int derivedFor = -1;

    /** Days of own history taken into account, up to 15. */
    float days() {
        return days;
    }

    /** Mean of the own days, without the population. */
    float ownMean(int at) {
        return mean[at] / MEAN_UNIT;
    }

    /** Variance of the own days, without the population. */
    float ownVariance(int at) {
        return days == 0 ? 0 : Float.float16ToFloat(squares[at]) / days;
    }

    /** The expected value of a quantity. */
    float center(int at) {
        return center[at];
    }

    /** Predictive variance of a quantity. */
    float spread(int at) {
        return spread[at];
    }

    /** Variance of the centre of the day's volume: how little is known yet of this subscription's scale. */
    float scaleVariance(Population.Group group) {
        return group.within(DAY) / (group.pull(DAY) + days);
    }

    /** One over the predictive deviation of a quantity. */
    float perDeviation(int at) {
        return deviation[at];
    }

    /** The usual volume of a day, bytes. */
    float usualDay() {
        return usualDay;
    }

    /**
     * Brings the derived values up to date.
     *
     * @return whether they changed
     */
    boolean derive(Population population, PlanClass plan) {
        if (derivedFor == population.version()) {
            return false;
        }
        Population.Group group = population.group(plan);
        float perDays = 1 / (PRIOR_SPREAD_DAYS + days);
        for (int at = 0; at < SIZE; at++) {
            float pull = group.pull(at);
            float own = 1 / (pull + days);
            center[at] = (group.mean(at) * pull + mean[at] * (1 / MEAN_UNIT) * days) * own;
            float variance = (PRIOR_SPREAD_DAYS * group.within(at) + Float.float16ToFloat(squares[at])) * perDays;
            spread[at] = variance * (1 + own);
            deviation[at] = 1 / (float) Math.sqrt(spread[at]);
        }
        usualDay = Compact.pow2(center[DAY]);
        derivedFor = population.version();
        return true;
    }

    /**
     * Learns one sample. What lies far above the expected counts only up to two spreads, so that a drain is not
     * learned as normal.
     *
     * @param weightDays how many days the sample stands for
     * @param clipHigh whether to limit high values; false after "that was me"
     */
    void learn(float[] sample, float weightDays, boolean clipHigh) {
        float after = days + weightDays;
        float step = weightDays / after;
        float kept = after > MEMORY_DAYS ? MEMORY_DAYS / after : 1;
        for (int at = 0; at < SIZE; at++) {
            float width = spread[at] * deviation[at];
            float value = Math.max(sample[at], center[at] - CLIP_LOW * width);
            if (clipHigh) {
                value = Math.min(value, center[at] + CLIP_HIGH * width);
            }
            float old = days == 0 ? value : mean[at] * (1 / MEAN_UNIT);
            float difference = value - old;
            float moved = Math.clamp(old + difference * step, -MEAN_MAX, MEAN_MAX);
            mean[at] = (short) Math.round(moved * MEAN_UNIT);
            float sum = Float.float16ToFloat(squares[at]) + weightDays * difference * (value - moved);
            squares[at] = Float.floatToFloat16(sum * kept);
        }
        days = Math.min(after, MEMORY_DAYS);
        derivedFor = -1;
    }

    void write(ByteBuffer out) {
        out.putFloat(days);
        for (int at = 0; at < SIZE; at++) {
            out.putShort(mean[at]).putShort(squares[at]);
        }
    }

    void read(ByteBuffer in) {
        days = in.getFloat();
        for (int at = 0; at < SIZE; at++) {
            mean[at] = in.getShort();
            squares[at] = in.getShort();
        }
        usualDay = 0;
        derivedFor = -1;
    }
}
