package dev.octroi.drain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measured records for fitting: quantities binned to bytes by column, label, weight and bag (a day or a drain). */
final class FitRows {
    static final int BINS = 64;

    private static final int START = 1 << 16;
    private static final int BODY_BINS = 40;
    private static final int TAIL_BINS = 24;
    private static final double TAIL_FROM = 0.975;

    final float[][] edges;
    byte[][] columns;
    float[] weight = new float[START];
    boolean[] drain = new boolean[START];
    int[] bag = new int[START];
    int rows;
    /** Kind of the drain of each bag; empty for an ordinary day. */
    final List<String> bags = new ArrayList<>();

    FitRows(float[][] edges) {
        this.edges = edges;
        columns = new byte[edges.length][START];
    }

    /** Bin borders from a sample: even in the body, fine in the upper tail. */
    static float[][] edges(List<float[]> sample) {
        int features = FeatureSpec.ALL.size();
        float[][] edges = new float[features][];
        for (int f = 0; f < features; f++) {
            float[] values = new float[sample.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = sample.get(i)[f];
            }
            Arrays.sort(values);
            float[] borders = new float[BINS];
            int count = 0;
            for (int k = 1; k < BODY_BINS + TAIL_BINS; k++) {
                double share = k < BODY_BINS
                        ? TAIL_FROM * k / BODY_BINS
                        : TAIL_FROM + (1 - TAIL_FROM) * (k - BODY_BINS) / TAIL_BINS;
                float border = values[(int) (values.length * share)];
                boolean isNew = count == 0 || border > borders[count - 1];
                if (isNew && border < values[values.length - 1]) {
                    borders[count++] = border;
                }
            }
            edges[f] = Arrays.copyOf(borders, Math.min(count, BINS - 1));
        }
        return edges;
    }

    int newBag(String kind) {
        bags.add(kind);
        return bags.size() - 1;
    }

    void add(float[] features, boolean isDrain, float rowWeight, int inBag) {
        if (rows == weight.length) {
            int larger = rows * 2;
            for (int f = 0; f < columns.length; f++) {
                columns[f] = Arrays.copyOf(columns[f], larger);
            }
            weight = Arrays.copyOf(weight, larger);
            drain = Arrays.copyOf(drain, larger);
            bag = Arrays.copyOf(bag, larger);
        }
        for (int f = 0; f < columns.length; f++) {
            columns[f][rows] = (byte) bin(edges[f], features[f]);
        }
        weight[rows] = rowWeight;
        drain[rows] = isDrain;
        bag[rows] = inBag;
        rows++;
    }

    private static int bin(float[] borders, float value) {
        int low = 0;
        int high = borders.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (value > borders[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
