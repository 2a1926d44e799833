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
 * @param walBytes WAL written for each record, in bytes
 */
record BenchResult(
        String bench,
        String name,
        double value,
        String unit,
        String reference,
        double referenceValue,
        List<Double> runs,
        double walBytes) {
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    String toJson() {
        return new JsonObject()
                .put("bench", bench)
                .put("case", name)
                .put("value", Math.round(value))
                .put("unit", unit)
                .put("reference", reference)
                .put("referenceValue", Math.round(referenceValue))
                .put("ratio", Math.round(value / referenceValue * 1_000) / 1_000.0)
                .put("runs", runs.size())
                .put("walBytesPerRecord", Math.round(walBytes))
                .encode();
    }

    String toLine() {
        return String.format(
                Locale.ROOT,
                "%-8s %-14s %,10.0f %-10s %6.2f x %-28s (%,.0f)  %,.0f B of WAL a record, %d runs",
                bench,
                name,
                value,
                unit,
                value / referenceValue,
                reference,
                referenceValue,
                walBytes,
                runs.size());
    }
}
