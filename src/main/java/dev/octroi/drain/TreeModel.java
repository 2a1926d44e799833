package dev.octroi.drain;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * A sum of small decision trees over {@link FeatureSpec#ALL}. Every step down a tree moves the sum by what one quantity
 * adds, so a score can be taken apart into its reasons.
 */
final class TreeModel {
    /** Numbers of trees after which a hopeless record is given up. */
    static final int[] CHECKS = {8, 16, 24, 32, 48, 64, 96, 128, 160, 192, 240};

    private final int depth;
    private final int trees;
    private final float bias;
    /** Below this partial sum after so many trees the record is quiet; the rest is not worth computing. */
    private final float[] giveUpBelow;

    private final byte[] feature;
    private final float[] threshold;
    /** Values of all nodes, inner and leaves, breadth first. */
    private final float[] value;

    // The same for summing: a tree's inner nodes in heap order from place 1, so that a step is one shift; its leaves.
    // A node is one number: the threshold's key above, the place of the quantity below.
    private final long[] heap;
    private final float[] leaf;

    TreeModel(int depth, float bias, float[] giveUpBelow, List<Tree> trees) {
        this.depth = depth;
        this.bias = bias;
        this.giveUpBelow = giveUpBelow.clone();
        this.trees = trees.size();
        int inner = (1 << depth) - 1;
        int all = (2 << depth) - 1;
        feature = new byte[trees.size() * inner];
        threshold = new float[trees.size() * inner];
        value = new float[trees.size() * all];
        for (int t = 0; t < trees.size(); t++) {
            Tree tree = trees.get(t);
            for (int n = 0; n < inner; n++) {
                feature[t * inner + n] = (byte) tree.feature()[n];
                threshold[t * inner + n] = tree.threshold()[n];
            }
            System.arraycopy(tree.value(), 0, value, t * all, all);
        }
        heap = new long[trees.size() << depth];
        leaf = new float[trees.size() << depth];
        for (int t = 0; t < trees.size(); t++) {
            int base = t << depth;
            for (int n = 0; n < inner; n++) {
                heap[base + 1 + n] = (long) key(threshold[t * inner + n]) << Integer.SIZE | feature[t * inner + n];
            }
            System.arraycopy(value, t * all + inner, leaf, base, 1 << depth);
        }
    }

    /** The sum for these quantities; cut short, and then only a rough value, when it is hopeless. */
    float sum(float[] features) {
        int[] keys = keys(features);
        float sum = bias;
        int from = 0;
        for (int check = 0; check < CHECKS.length && CHECKS[check] < trees; check++) {
            sum = add(sum, keys, from, CHECKS[check]);
            from = CHECKS[check];
            if (sum < giveUpBelow[check]) {
                return sum;
            }
        }
        return add(sum, keys, from, trees);
    }

    /** The sums after {@link #CHECKS} trees each, and the whole sum behind them. */
    float[] partialSums(float[] features) {
        int[] keys = keys(features);
        float[] sums = new float[CHECKS.length + 1];
        float sum = bias;
        int from = 0;
        for (int check = 0; check < CHECKS.length; check++) {
            int to = Math.min(CHECKS[check], trees);
            sum = add(sum, keys, from, to);
            from = to;
            sums[check] = sum;
        }
        sums[CHECKS.length] = add(sum, keys, from, trees);
        return sums;
    }

    /** The same trees with other limits for giving up. */
    TreeModel givingUpBelow(float[] limits) {
        return new TreeModel(this, limits);
    }

    private TreeModel(TreeModel other, float[] limits) {
        depth = other.depth;
        trees = other.trees;
        bias = other.bias;
        giveUpBelow = limits.clone();
        feature = other.feature;
        threshold = other.threshold;
        value = other.value;
        heap = other.heap;
        leaf = other.leaf;
    }

    static float[] neverGiveUp() {
        float[] limits = new float[CHECKS.length];
        Arrays.fill(limits, Float.NEGATIVE_INFINITY);
        return limits;
    }

    /** Four trees at a time, without a branch on what is measured: each is a chain of loads that would wait alone. */
    private float add(float start, int[] keys, int from, int to) {
        float sum = start;
        int tree = from;
        for (; tree + 3 < to; tree += 4) {
            int first = tree << depth;
            int second = first + (1 << depth);
            int third = second + (1 << depth);
            int fourth = third + (1 << depth);
            int a = 1;
            int b = 1;
            int c = 1;
            int d = 1;
            for (int level = 0; level < depth; level++) {
                a = 2 * a + above(keys, first + a);
                b = 2 * b + above(keys, second + b);
                c = 2 * c + above(keys, third + c);
                d = 2 * d + above(keys, fourth + d);
            }
            // Leaves follow the inner nodes in heap order; in this order, so that the sum rounds as tree after tree.
            int back = 1 << depth;
            sum += leaf[first + a - back];
            sum += leaf[second + b - back];
            sum += leaf[third + c - back];
            sum += leaf[fourth + d - back];
        }
        for (; tree < to; tree++) {
            int base = tree << depth;
            int node = 1;
            for (int level = 0; level < depth; level++) {
                node = 2 * node + above(keys, base + node);
            }
            sum += leaf[base + node - (1 << depth)];
        }
        return sum;
    }

    /** 1 when the quantity is above the node's limit, else 0: the sign of the difference. */
    private int above(int[] keys, int node) {
        long limit = heap[node];
        return (int) (((limit >> Integer.SIZE) - keys[(int) limit]) >>> (Long.SIZE - 1));
    }

    /** Quantities as whole numbers in the same order: comparing these takes fewer steps. */
    private static int[] keys(float[] features) {
        int[] keys = new int[features.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(features[i]);
        }
        return keys;
    }

    private static int key(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ ((bits >> (Integer.SIZE - 1)) & Integer.MAX_VALUE);
    }

    /** What each quantity adds to the sum; the remainder (bias and the trees' own means) is not attributed. */
    float[] contributions(float[] features) {
        float[] parts = new float[features.length];
        int inner = (1 << depth) - 1;
        int all = (2 << depth) - 1;
        for (int t = 0; t < trees; t++) {
            int node = 0;
            for (int d = 0; d < depth; d++) {
                int at = t * inner + node;
                int next = 2 * node + (features[feature[at]] > threshold[at] ? 2 : 1);
                parts[feature[at]] += value[t * all + next] - value[t * all + node];
                node = next;
            }
        }
        return parts;
    }

    /** Writes the text form: a head line, then one line per tree. */
    void write(StringBuilder out) {
        out.append(String.format(Locale.ROOT, "trees %d %d %.6f", trees, depth, bias));
        for (float limit : giveUpBelow) {
            out.append(' ').append(limit);
        }
        out.append('\n');
        int inner = (1 << depth) - 1;
        int all = (2 << depth) - 1;
        for (int t = 0; t < trees; t++) {
            for (int n = 0; n < inner; n++) {
                int at = t * inner + n;
                boolean leafless = threshold[at] == Float.POSITIVE_INFINITY;
                out.append(leafless ? "-" : FeatureSpec.ALL.get(feature[at]).name() + ">" + threshold[at]);
                out.append(' ');
            }
            for (int n = 0; n < all; n++) {
                out.append(String.format(Locale.ROOT, n == all - 1 ? "%.4f%n" : "%.4f ", value[t * all + n]));
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    static TreeModel read(BufferedReader in) throws IOException {
        StringTokenizer head = new StringTokenizer(line(in));
        head.nextToken();
        int count = Integer.parseInt(head.nextToken());
        int depth = Integer.parseInt(head.nextToken());
        float bias = Float.parseFloat(head.nextToken());
        float[] giveUpBelow = new float[CHECKS.length];
        for (int check = 0; check < CHECKS.length; check++) {
            giveUpBelow[check] = Float.parseFloat(head.nextToken());
        }
        List<Tree> trees = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            StringTokenizer words = new StringTokenizer(line(in));
            int[] feature = new int[(1 << depth) - 1];
            float[] threshold = new float[feature.length];
            float[] value = new float[(2 << depth) - 1];
            for (int n = 0; n < feature.length; n++) {
                String word = words.nextToken();
                int mark = word.indexOf('>');
                feature[n] = mark < 0 ? 0 : index(word.substring(0, mark));
                threshold[n] = mark < 0 ? Float.POSITIVE_INFINITY : Float.parseFloat(word.substring(mark + 1));
            }
            for (int n = 0; n < value.length; n++) {
                value[n] = Float.parseFloat(words.nextToken());
            }
            trees.add(new Tree(feature, threshold, value));
        }
        return new TreeModel(depth, bias, giveUpBelow, trees);
    }

    private static int index(String name) throws IOException {
        for (int i = 0; i < FeatureSpec.ALL.size(); i++) {
            if (FeatureSpec.ALL.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IOException("unknown quantity " + name);
    }

    static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("weights are cut off");
        }
        return line;
    }

    /** One full binary tree, breadth first. A split that is not used has an infinite threshold. */
    record Tree(int[] feature, float[] threshold, float[] value) {}
}
