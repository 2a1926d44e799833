package dev.octroi.cli.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured of usage, run by run, by the name of its case. */
final class UsageCases {
    static final int EACH = 100;
    static final int SENDERS = 64;

    private final BenchGateway gateway;
    private final UsageLoad load;
    private final Map<String, List<Run>> measured = new LinkedHashMap<>();

    /** One run. */
    private record Run(double perSecond, double gatewayUs, double databaseUs, double walBytes) {}

    UsageCases(BenchGateway gateway, UsageLoad load) {
        this.gateway = gateway;
        this.load = load;
    }

    /** Has so many records reported, of the accounts below a number, and notes what they cost. */
    void drive(String name, long records, int accounts) throws Exception {
        UsageLoad.Plan plan = new UsageLoad.Plan(records, accounts, EACH, SENDERS);
        note(name, records, () -> load.run(plan));
    }

    /** Notes what some work on so many records costs. */
    void note(String name, long records, Work work) throws Exception {
        BenchGateway.Consumed before = gateway.consumed();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        BenchGateway.Consumed used = gateway.consumed().since(before);
        Run run = new Run(
                records / seconds,
                used.cpu().gatewayMs() * 1e3 / records,
                used.cpu().databaseMs() * 1e3 / records,
                (double) used.walBytes() / records);
        measured.computeIfAbsent(name, key -> new ArrayList<>()).add(run);
    }

    /** The medians of a case beside those of another one. */
    BenchResult result(String name, String reference, String words) {
        List<Run> runs = measured.getOrDefault(name, List.of());
        List<Double> rates = runs.stream().map(Run::perSecond).toList();
        return new BenchResult(
                "usage",
                name,
                BenchResult.median(rates),
                "records/s",
                words,
                median(reference, Run::perSecond),
                rates,
                new JsonObject()
                        .put("gatewayUs", BenchResult.rounded(median(name, Run::gatewayUs)))
                        .put("databaseUs", BenchResult.rounded(median(name, Run::databaseUs)))
                        .put("walBytes", BenchResult.rounded(median(name, Run::walBytes)))
                        .put("referenceDatabaseUs", BenchResult.rounded(median(reference, Run::databaseUs)))
                        .put("referenceWalBytes", BenchResult.rounded(median(reference, Run::walBytes))));
    }

    private double median(String name, ToDoubleFunction<Run> value) {
        return BenchResult.median(measured.getOrDefault(name, List.of()).stream()
                .map(value::applyAsDouble)
                .toList());
    }
}
