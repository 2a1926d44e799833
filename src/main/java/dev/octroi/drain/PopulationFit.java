package dev.octroi.drain;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Learns a population from a stream: medians would be too coarse, so moments of clipped samples. */
final class PopulationFit implements Learner.Sink {
    private static final int SAMPLES_MIN = 20;
    private static final int SUBSCRIPTIONS_MIN = 3;
    private static final int WEIGHT_MAX = 60;
    private static final double MARGIN = 1.1;
    private static final double WITHIN_MIN = 0.05;
    private static final double BETWEEN_MIN = 0.02;

    private final Map<DrainState, Samples> samples = new LinkedHashMap<>();
    private final double[][] curve = new double[PlanClass.values().length][DayCurve.HOURS];
    private final long[][] curveCount = new long[PlanClass.values().length][DayCurve.HOURS];

    @Override
    public void hour(DrainState state, int localHour, float level) {
        curve[state.plan.code()][localHour] += level;
        curveCount[state.plan.code()][localHour]++;
    }

    @Override
    public void day(DrainState state) {
        samples.computeIfAbsent(state, none -> new Samples()).add(state.sample);
    }

    /** The population of what was heard; what was heard too little stays as before. */
    Population fit(Population before, int version) {
        Population.Group[] groups = new Population.Group[PlanClass.values().length];
        for (PlanClass plan : PlanClass.values()) {
            float[] mean = new float[Baseline.SIZE];
            float[] between = new float[Baseline.SIZE];
            float[] within = new float[Baseline.SIZE];
            for (int f = 0; f < Baseline.SIZE; f++) {
                mean[f] = before.group(plan).mean(f);
                between[f] = before.group(plan).between(f);
                within[f] = before.group(plan).within(f);
                moments(plan, f, mean, between, within);
            }
            float[] day = new float[DayCurve.HOURS];
            for (int h = 0; h < DayCurve.HOURS; h++) {
                long heard = curveCount[plan.code()][h];
                day[h] = heard == 0 ? before.group(plan).curve(h) : (float) (curve[plan.code()][h] / heard);
            }
            groups[plan.code()] = new Population.Group(mean, between, within, day);
        }
        return Population.of(version, groups);
    }

    private void moments(PlanClass plan, int f, float[] mean, float[] between, float[] within) {
        float[] means = new float[samples.size()];
        int subscriptions = 0;
        double inside = 0;
        double weight = 0;
        for (Map.Entry<DrainState, Samples> each : samples.entrySet()) {
            Samples heard = each.getValue();
            if (each.getKey().plan != plan || heard.count < SAMPLES_MIN) {
                continue;
            }
            double[] moments = clipped(heard.of(f), 0.02, 0.95);
            int counts = Math.min(heard.count, WEIGHT_MAX);
            inside += moments[1] * counts;
            weight += counts;
            means[subscriptions++] = (float) moments[0];
        }
        if (subscriptions < SUBSCRIPTIONS_MIN) {
            return;
        }
        float[] sorted = Arrays.copyOf(means, subscriptions);
        double[] moments = clipped(sorted, 0.03, 0.97);
        mean[f] = (float) moments[0];
        between[f] = (float) Math.max(BETWEEN_MIN, moments[1] * MARGIN);
        within[f] = (float) Math.max(WITHIN_MIN, inside / weight * MARGIN);
    }

    /** Mean and variance with the values outside two quantiles moved to them. Sorts its argument. */
    private static double[] clipped(float[] values, double low, double high) {
        Arrays.sort(values);
        float floor = values[(int) (values.length * low)];
        float ceiling = values[Math.min(values.length - 1, (int) (values.length * high))];
        double sum = 0;
        double squares = 0;
        for (float each : values) {
            double value = Math.clamp(each, floor, ceiling);
            sum += value;
            squares += value * value;
        }
        double average = sum / values.length;
        return new double[] {average, squares / values.length - average * average};
    }

    private static final class Samples {
        private float[] values = new float[16 * Baseline.SIZE];
        private int count;

        private void add(float[] sample) {
            if ((count + 1) * Baseline.SIZE > values.length) {
                values = Arrays.copyOf(values, values.length * 2);
            }
            System.arraycopy(sample, 0, values, count * Baseline.SIZE, Baseline.SIZE);
            count++;
        }

        private float[] of(int f) {
            float[] one = new float[count];
            for (int i = 0; i < count; i++) {
                one[i] = values[i * Baseline.SIZE + f];
            }
            return one;
        }
    }
}
