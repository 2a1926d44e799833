package dev.octroi.drain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * The fitted part of the detector: data, versioned, made by {@code octroi drain fit}.
 *
 * @param version counts the fits
 * @param figures what this fit reached, in words
 * @param threshold the sum at which the product acts
 * @param scores ascending scores at which precision was measured
 * @param precision share of real drains among alarms at those scores
 * @param alarm how unusual: the sum that is the score
 * @param kinds one model per kind, in the order of {@link DrainKind}, the largest sum names it
 */
record Weights(
        int version,
        String figures,
        float threshold,
        float[] scores,
        float[] precision,
        TreeModel alarm,
        TreeModel[] kinds) {
    /** Kinds that have a model; {@link DrainKind#UNKNOWN} is what is left. */
    static final int KINDS = 6;

    /** How far the sum must rise over the threshold for one point of score. */
    static final float SUM_PER_SCORE = 4f;

    private static final String SHIPPED = "weights.txt";
    private static final String HEADER = "octroi-drain-weights";

    static Weights shipped() {
        return Shipped.WEIGHTS;
    }

    /** A sum as a score: 1 at the threshold. */
    float score(float sum) {
        return 1 + (sum - threshold) / SUM_PER_SCORE;
    }

    /** The share of real drains among alarms with about this score. */
    double confidence(double score) {
        if (score <= scores[0]) {
            return precision[0];
        }
        for (int i = 1; i < scores.length; i++) {
            if (score <= scores[i]) {
                double part = (score - scores[i - 1]) / (scores[i] - scores[i - 1]);
                return precision[i - 1] + part * (precision[i] - precision[i - 1]);
            }
        }
        return precision[precision.length - 1];
    }

    String text() {
        StringBuilder out = new StringBuilder(HEADER + " " + version + "\n");
        out.append(figures).append('\n').append(threshold).append('\n');
        for (float[] row : new float[][] {scores, precision}) {
            for (int i = 0; i < row.length; i++) {
                out.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%.3f", row[i]));
            }
            out.append('\n');
        }
        alarm.write(out);
        for (TreeModel kind : kinds) {
            kind.write(out);
        }
        return out.toString();
    }

    static Weights read(InputStream text) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(text, StandardCharsets.US_ASCII));
        String header = TreeModel.line(in);
        if (!header.startsWith(HEADER + " ")) {
            throw new IOException("not weights");
        }
        int version = Integer.parseInt(header.substring(HEADER.length() + 1));
        String figures = TreeModel.line(in);
        float threshold = Float.parseFloat(TreeModel.line(in));
        float[] scores = numbers(TreeModel.line(in));
        float[] precision = numbers(TreeModel.line(in));
        TreeModel alarm = TreeModel.read(in);
        TreeModel[] kinds = new TreeModel[KINDS];
        for (int k = 0; k < KINDS; k++) {
            kinds[k] = TreeModel.read(in);
        }
        return new Weights(version, figures, threshold, scores, precision, alarm, kinds);
    }

    private static float[] numbers(String line) {
        StringTokenizer words = new StringTokenizer(line);
        float[] values = new float[words.countTokens()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words.nextToken());
        }
        return values;
    }

    private static final class Shipped {
        static final Weights WEIGHTS = load();

        private static Weights load() {
            try (InputStream in = Weights.class.getResourceAsStream(SHIPPED)) {
                if (in == null) {
                    throw new IllegalStateException(SHIPPED + " is missing");
                }
                return read(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
