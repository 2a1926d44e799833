package dev.octroi.drain;

import java.util.ArrayList;
import java.util.List;

/**
 * Moves a population towards what an installation's own subscriptions have turned out to do. The population it starts
 * from counts like {@value #PRIOR_SUBSCRIPTIONS} subscriptions of each class of plan, so that a few cannot turn it, and no
 * number leaves it by more than an octave, so that many drained ones cannot either.
 */
public final class PopulationLearner {
    private static final int PRIOR_SUBSCRIPTIONS = 200;
    private static final float DAYS_MIN = 5;
    private static final float OCTAVE = 1;

    private final Population start;
    private final List<List<DrainState>> byPlan = new ArrayList<>();

    /** @param start what is known without the installation */
    public PopulationLearner(Population start) {
        this.start = start;
        for (int plan = 0; plan < PlanClass.values().length; plan++) {
            byPlan.add(new ArrayList<>());
        }
    }

    /** Takes a subscription into account, if it has five days of history of its own. */
    public void add(DrainState state) {
        if (state.baseline.days() >= DAYS_MIN) {
            byPlan.get(state.plan.code()).add(state);
        }
    }

    /**
     * The population of all that was added.
     *
     * @param version of the new population; never one that was used
     */
    public Population learn(int version) {
        Population.Group[] groups = new Population.Group[PlanClass.values().length];
        for (PlanClass plan : PlanClass.values()) {
            groups[plan.code()] = group(start.group(plan), byPlan.get(plan.code()));
        }
        return Population.of(version, groups);
    }

    private static Population.Group group(Population.Group before, List<DrainState> states) {
        int size = Baseline.SIZE;
        float[] mean = new float[size];
        float[] between = new float[size];
        float[] within = new float[size];
        for (int at = 0; at < size; at++) {
            mean[at] = mean(before, states, at);
            between[at] = between(before, states, at, mean[at]);
            within[at] = within(before, states, at);
        }
        float[] curve = new float[DayCurve.HOURS];
        for (int hour = 0; hour < curve.length; hour++) {
            double sum = (double) before.curve(hour) * PRIOR_SUBSCRIPTIONS;
            for (DrainState state : states) {
                sum += state.curve.at(hour);
            }
            curve[hour] = near(before.curve(hour), sum / (PRIOR_SUBSCRIPTIONS + states.size()));
        }
        return new Population.Group(mean, between, within, curve);
    }

    private static float mean(Population.Group before, List<DrainState> states, int at) {
        double sum = (double) before.mean(at) * PRIOR_SUBSCRIPTIONS;
        for (DrainState state : states) {
            sum += state.baseline.ownMean(at);
        }
        return near(before.mean(at), sum / (PRIOR_SUBSCRIPTIONS + states.size()));
    }

    /** What own means differ by, less what a few days differ by chance. */
    private static float between(Population.Group before, List<DrainState> states, int at, float mean) {
        double sum = (double) before.between(at) * PRIOR_SUBSCRIPTIONS;
        for (DrainState state : states) {
            double difference = state.baseline.ownMean(at) - mean;
            sum += Math.max(0, difference * difference - state.baseline.ownVariance(at) / state.baseline.days());
        }
        return spread(before.between(at), sum / (PRIOR_SUBSCRIPTIONS + states.size()));
    }

    private static float within(Population.Group before, List<DrainState> states, int at) {
        double sum = (double) before.within(at) * PRIOR_SUBSCRIPTIONS;
        for (DrainState state : states) {
            sum += state.baseline.ownVariance(at);
        }
        return spread(before.within(at), sum / (PRIOR_SUBSCRIPTIONS + states.size()));
    }

    private static float near(float before, double after) {
        return (float) Math.clamp(after, before - OCTAVE, before + OCTAVE);
    }

    /** A variance stays within half and twice of what it was. */
    private static float spread(float before, double after) {
        return (float) Math.clamp(after, before / 2, before * 2);
    }
}
