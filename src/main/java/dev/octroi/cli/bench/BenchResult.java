package dev.octroi.cli.bench;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * One figure.
 *
 * @param bench the bench
 * @param name the case
 * @param value median of the runs
 * @param unit its unit
 * @param reference what it is held against
 * @param referenceValue the reference's median in the same run
 * @param runs all values
 * @param more further figures of the same runs by name, for machines; {@code walBytesPerRecord} and the like
 */
record BenchResult(
        String bench,
        String name,
        double value,
        String unit,
        String reference,
        double referenceValue,
        List<Double> runs,
        JsonObject more) {
    private static final double EXACT_BELOW = 1_000;

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    String toJson() {
        return new JsonObject()
                .put("bench", bench)
                .put("case", name)
                .put("value", rounded(value))
                .put("unit", unit)
                .put("reference", reference)
                .put("referenceValue", rounded(referenceValue))
                .put("ratio", rounded(value / referenceValue))
                .put("runs", runs.size())
                .mergeIn(more)
                .encode();
    }

    String toLine() {
        StringBuilder rest = new StringBuilder();
        more.forEach(entry -> rest.append("  ")
                .append(entry.getKey())
                .append(' ')
                .append(String.format(Locale.ROOT, "%,.6g", ((Number) entry.getValue()).doubleValue())));
        return String.format(
                Locale.ROOT,
                "%-8s %-30s %,12.2f %-12s %6.2f x %-34s (%,.2f)  %d runs%s",
                bench,
                name,
                value,
                unit,
                value / referenceValue,
                reference,
                referenceValue,
                runs.size(),
                rest);
    }

    /** Three digits behind the point where they mean something. */
    static Number rounded(double number) {
        if (Math.abs(number) >= EXACT_BELOW) {
            return Math.round(number);
        }
        return Math.round(number * 1_000) / 1_000.0;
    }
}
