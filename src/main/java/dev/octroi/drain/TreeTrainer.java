package dev.octroi.drain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Fits a {@link TreeModel} by gradient boosting on the logistic loss, each tree on a part of rows and quantities.
 * Within an ordinary day the most suspicious records weigh most, because one false alarm a day is a false alarm.
 */
final class TreeTrainer {
    private static final int REWEIGH_EVERY = 10;
    private static final float START = -4f;
    private static final float SUSPICIOUS = -3f;
    private static final double SUSPICIOUS_SHARE = 0.5;
    private static final double GAIN_MIN = 1e-3;
    private static final float RIDGE = 1f;
    private static final float CURVATURE_MIN = 0.3f;

    private final FitRows data;
    private final RandomGenerator random;
    private final int depth;
    private final float rate;
    private final double rowShare;
    private final double columnShare;

    private final float[] sum;
    private final float[] weight;
    private final int[] picked;
    private final int[] node;
    private final float[] slope;
    private final float[] curvature;
    private int count;

    TreeTrainer(FitRows data, RandomGenerator random, int depth, float rate, double rowShare, double columnShare) {
        this.data = data;
        this.random = random;
        this.depth = depth;
        this.rate = rate;
        this.rowShare = rowShare;
        this.columnShare = columnShare;
        sum = new float[data.rows];
        weight = new float[data.rows];
        picked = new int[data.rows];
        node = new int[data.rows];
        slope = new float[data.rows];
        curvature = new float[data.rows];
    }

    TreeModel train(int trees) {
        Arrays.fill(sum, START);
        List<TreeModel.Tree> grown = new ArrayList<>();
        for (int t = 0; t < trees; t++) {
            if (t % REWEIGH_EVERY == 0) {
                reweigh();
            }
            pick();
            grown.add(grow());
        }
        return new TreeModel(depth, START, TreeModel.neverGiveUp(), grown);
    }

    /** The sum below which this share of the ordinary records lies, after training. */
    float ordinaryQuantile(double share) {
        float[] ordinary = new float[data.rows];
        int n = 0;
        for (int i = 0; i < data.rows; i++) {
            if (!data.drain[i]) {
                ordinary[n++] = sum[i];
            }
        }
        float[] sorted = Arrays.copyOf(ordinary, n);
        Arrays.sort(sorted);
        return sorted[(int) (n * share)];
    }

    /** As {@link #train}, with the weights as they are. */
    TreeModel trainEven(int trees) {
        Arrays.fill(sum, START);
        System.arraycopy(data.weight, 0, weight, 0, data.rows);
        List<TreeModel.Tree> grown = new ArrayList<>();
        for (int t = 0; t < trees; t++) {
            pick();
            grown.add(grow());
        }
        return new TreeModel(depth, START, TreeModel.neverGiveUp(), grown);
    }

    private void reweigh() {
        float[] most = new float[data.bags.size()];
        double[] total = new double[most.length];
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < data.rows; i++) {
            if (!data.drain[i]) {
                most[data.bag[i]] = Math.max(most[data.bag[i]], sum[i]);
            }
        }
        for (int i = 0; i < data.rows; i++) {
            if (!data.drain[i]) {
                total[data.bag[i]] += StrictMath.exp(sum[i] - most[data.bag[i]]);
            }
        }
        for (int i = 0; i < data.rows; i++) {
            int bag = data.bag[i];
            weight[i] = data.drain[i]
                    ? data.weight[i]
                    : (float) (data.weight[i] * StrictMath.exp(sum[i] - most[bag]) / total[bag]);
        }
    }

    private void pick() {
        count = 0;
        for (int i = 0; i < data.rows; i++) {
            boolean suspicious = !data.drain[i] && sum[i] > SUSPICIOUS;
            double share = suspicious ? SUSPICIOUS_SHARE : rowShare;
            if (random.nextDouble() < share) {
                double chance = 1 / (1 + StrictMath.exp(-sum[i]));
                double scaled = weight[i] / share;
                slope[count] = (float) (scaled * (chance - (data.drain[i] ? 1 : 0)));
                curvature[count] = (float) (scaled * chance * (1 - chance)) + 1e-12f;
                picked[count] = i;
                node[count] = 0;
                count++;
            }
        }
    }

    private TreeModel.Tree grow() {
        int inner = (1 << depth) - 1;
        int all = (2 << depth) - 1;
        int[] feature = new int[inner];
        int[] border = new int[inner];
        float[] threshold = new float[inner];
        Arrays.fill(border, FitRows.BINS);
        Arrays.fill(threshold, Float.POSITIVE_INFINITY);
        Nodes nodes = new Nodes(all);
        for (int k = 0; k < count; k++) {
            nodes.slope[0] += slope[k];
            nodes.curvature[0] += curvature[k];
        }
        int[] columns = columns();
        for (int d = 0; d < depth; d++) {
            int first = (1 << d) - 1;
            Split[] best = splits(first, 1 << d, columns, nodes);
            for (int q = 0; q < best.length; q++) {
                Split split = best[q];
                int at = first + q;
                nodes.divide(at, split);
                if (split.feature >= 0) {
                    feature[at] = split.feature;
                    border[at] = split.border;
                    threshold[at] = data.edges[split.feature][split.border];
                }
            }
            for (int k = 0; k < count; k++) {
                int at = node[k];
                boolean right = (data.columns[feature[at]][picked[k]] & 0xff) > border[at];
                node[k] = 2 * at + (right ? 2 : 1);
            }
        }
        float[] value = new float[all];
        for (int n = 0; n < all; n++) {
            value[n] = rate * nodes.value(n);
        }
        for (int i = 0; i < data.rows; i++) {
            int at = 0;
            for (int d = 0; d < depth; d++) {
                at = 2 * at + ((data.columns[feature[at]][i] & 0xff) > border[at] ? 2 : 1);
            }
            sum[i] += value[at];
        }
        return new TreeModel.Tree(feature, threshold, value);
    }

    private int[] columns() {
        int[] chosen = new int[data.columns.length];
        int n = 0;
        for (int f = 0; f < data.columns.length; f++) {
            if (random.nextDouble() < columnShare) {
                chosen[n++] = f;
            }
        }
        return Arrays.copyOf(chosen, n);
    }

    private Split[] splits(int first, int width, int[] columns, Nodes nodes) {
        // Columns are independent; joined in their order, so that threads cannot change the result.
        List<Split[]> perColumn = Arrays.stream(columns)
                .parallel()
                .mapToObj(f -> splits(first, width, f, nodes))
                .toList();
        Split[] best = new Split[width];
        Arrays.setAll(best, q -> new Split());
        for (Split[] offered : perColumn) {
            for (int q = 0; q < width; q++) {
                best[q] = offered[q].gain > best[q].gain ? offered[q] : best[q];
            }
        }
        return best;
    }

    private Split[] splits(int first, int width, int f, Nodes nodes) {
        double[] slopes = new double[width * FitRows.BINS];
        double[] curvatures = new double[width * FitRows.BINS];
        byte[] column = data.columns[f];
        for (int k = 0; k < count; k++) {
            int at = (node[k] - first) * FitRows.BINS + column[picked[k]];
            slopes[at] += slope[k];
            curvatures[at] += curvature[k];
        }
        Split[] best = new Split[width];
        for (int q = 0; q < width; q++) {
            best[q] = new Split();
            best[q].offer(f, q, slopes, curvatures, nodes, first + q, data.edges[f].length);
        }
        return best;
    }

    /** The best division of a node so far. */
    private static final class Split {
        private double gain = GAIN_MIN;
        private int feature = -1;
        private int border;
        private double leftSlope;
        private double leftCurvature;

        private void offer(int f, int q, double[] slopes, double[] curvatures, Nodes nodes, int at, int borders) {
            double allSlope = nodes.slope[at];
            double allCurvature = nodes.curvature[at];
            double before = allSlope * allSlope / (allCurvature + RIDGE);
            double left = 0;
            double leftBend = 0;
            for (int b = 0; b < borders; b++) {
                left += slopes[q * FitRows.BINS + b];
                leftBend += curvatures[q * FitRows.BINS + b];
                double right = allSlope - left;
                double rightBend = allCurvature - leftBend;
                if (leftBend < CURVATURE_MIN || rightBend < CURVATURE_MIN) {
                    continue;
                }
                double now = left * left / (leftBend + RIDGE) + right * right / (rightBend + RIDGE) - before;
                if (now > gain) {
                    gain = now;
                    feature = f;
                    border = b;
                    leftSlope = left;
                    leftCurvature = leftBend;
                }
            }
        }
    }

    /** Sums of the nodes of the tree that grows. */
    private static final class Nodes {
        private final double[] slope;
        private final double[] curvature;

        private Nodes(int count) {
            slope = new double[count];
            curvature = new double[count];
        }

        private float value(int at) {
            return (float) (-slope[at] / (curvature[at] + RIDGE));
        }

        private void divide(int at, Split split) {
            int left = 2 * at + 1;
            int right = left + 1;
            if (split.feature < 0) {
                slope[left] = slope[right] = slope[at];
                curvature[left] = curvature[right] = curvature[at];
                return;
            }
            slope[left] = split.leftSlope;
            curvature[left] = split.leftCurvature;
            slope[right] = slope[at] - split.leftSlope;
            curvature[right] = curvature[at] - split.leftCurvature;
        }
    }
}
