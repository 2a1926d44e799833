package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * How a change goes out.
 *
 * @param total subscriptions it is meant for, 1 to {@link #MAX_TOTAL}
 * @param steps 1 to {@link #MAX_STEPS}, rising, the last one of 100 %
 * @param stop when it stops by itself
 */
public record RolloutPlan(int total, List<Step> steps, StopWhen stop) {
    /** Most subscriptions of one change. */
    public static final int MAX_TOTAL = 100_000;

    /** Most steps of one change. */
    public static final int MAX_STEPS = 10;

    /** One in a hundred, one in ten, all; ten minutes each. */
    public static final List<Step> DEFAULT_STEPS = List.of(
            new Step(1, Duration.ofMinutes(10)),
            new Step(10, Duration.ofMinutes(10)),
            new Step(100, Duration.ofMinutes(10)));

    public RolloutPlan {
        requireNonNull(stop, "stop is null");
        steps = List.copyOf(steps);
        if (total < 1 || total > MAX_TOTAL) {
            throw new IllegalArgumentException("a change is for 1 to 100,000 subscriptions");
        }
        check(steps);
    }

    /**
     * A step.
     *
     * @param percent of all subscriptions that have it afterwards, 1 to 100
     * @param soak how long it is watched before the next step, 0 to 7 days
     */
    public record Step(int percent, Duration soak) {
        private static final Duration MAX_SOAK = Duration.ofDays(7);

        public Step {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("a step is of 1 to 100 percent");
            }
            if (soak.isNegative() || soak.compareTo(MAX_SOAK) > 0) {
                throw new IllegalArgumentException("a soak is of 0 to 7 days");
            }
        }
    }

    /** How many subscriptions have the change after a step; at least one. */
    public int upTo(int step) {
        return (int) (((long) total * steps.get(step).percent() + 99) / 100);
    }

    /** How long a step is watched: not at all when it adds nobody. */
    public Duration soak(int step) {
        return step > 0 && upTo(step) == upTo(step - 1)
                ? Duration.ZERO
                : steps.get(step).soak();
    }

    /** Whether a step is the last one. */
    public boolean isLast(int step) {
        return step == steps.size() - 1;
    }

    /**
     * Refuses steps that cannot be.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static void check(List<Step> steps) {
        if (steps.isEmpty() || steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException("a change has 1 to 10 steps");
        }
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).percent() <= steps.get(i - 1).percent()) {
                throw new IllegalArgumentException("each step is larger than the one before");
            }
        }
        if (steps.getLast().percent() != 100) {
            throw new IllegalArgumentException("the last step is of 100 percent");
        }
    }
}
