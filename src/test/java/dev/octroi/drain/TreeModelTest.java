package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Trees summed four at a time say what trees say one after the other. */
class TreeModelTest {
    private static final long SEED = 90_210;

    @Test
    void theSumIsThatOfTreeAfterTreeToTheLastBit() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int depth = 2; depth <= 4; depth++) {
            List<TreeModel.Tree> trees = new ArrayList<>();
            for (int t = 0; t < 22; t++) {
                trees.add(tree(random, depth));
            }
            TreeModel model = new TreeModel(depth, -1.5f, TreeModel.neverGiveUp(), trees);
            for (int i = 0; i < 2_000; i++) {
                float[] features = new float[FeatureSpec.ALL.size()];
                for (int f = 0; f < features.length; f++) {
                    features[f] = random.nextInt(9) - 4;
                }
                float expected = -1.5f;
                for (TreeModel.Tree tree : trees) {
                    expected += leaf(tree, features, depth);
                }
                assertThat(model.sum(features))
                        .as("seed %d, depth %d, step %d", SEED, depth, i)
                        .isEqualTo(expected);
            }
        }
    }

    private static TreeModel.Tree tree(SplittableRandom random, int depth) {
        int[] feature = new int[(1 << depth) - 1];
        float[] threshold = new float[feature.length];
        float[] value = new float[(2 << depth) - 1];
        for (int n = 0; n < feature.length; n++) {
            feature[n] = random.nextInt(FeatureSpec.ALL.size());
            // Limits meet quantities exactly now and then; a split that is not used has no limit.
            threshold[n] = random.nextInt(6) == 0 ? Float.POSITIVE_INFINITY : random.nextInt(9) - 4;
        }
        for (int n = 0; n < value.length; n++) {
            value[n] = (float) random.nextDouble(-1, 1);
        }
        return new TreeModel.Tree(feature, threshold, value);
    }

    private static float leaf(TreeModel.Tree tree, float[] features, int depth) {
        int node = 0;
        for (int level = 0; level < depth; level++) {
            node = 2 * node + (features[tree.feature()[node]] > tree.threshold()[node] ? 2 : 1);
        }
        return tree.value()[node];
    }
}
