package dev.octroi.cli.bench;

import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.cert.CurveProvider;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.DeviceInfo;
import dev.octroi.rsp.euicc.DownloadLoad;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Whole downloads over ES9+: a gateway in a process of its own on a durable embedded server, phones with virtual eUICCs in
 * this one. Every download is four calls over a TLS connection that is kept, and ends with the
 * card's notification. What is measured of the server is processor time, PostgreSQL included: it means the same on a busy
 * machine. Runs that warm the JVM up are not counted.
 */
final class Es9Bench {
    private static final List<String> CALLS =
            List.of("initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "handleNotification");
    private static final int PROFILE_BYTES = 12_000;

    private static final int MAX_CARDS = 500;
    private static final int CARD_BYTES = 64 << 20;
    /** What runs once a download is compiled to the end only after some ten thousand of them. */
    private static final int WARM_UP_DOWNLOADS = 12_000;

    private static final Duration MAX_WARM_UP = Duration.ofMinutes(5);

    private final Kind kind;
    private final int downloads;
    private final int phones;
    private final int runs;
    private final List<String> settings;

    /** Which profiles are downloaded. */
    enum Kind {
        /** An operator's, of 12 kB, encrypted within the download; ES2+ progress of each step. */
        OPERATOR,
        /** The same, encrypted ahead. */
        PPK,
        /** The built-in one of 1 kB as resellers sell it: events of each step, and a plan that begins. */
        SOLD
    }

    /** Where the profiles of one run come from. */
    @FunctionalInterface
    private interface Source {
        List<String> codes(int count) throws IOException;
    }

    /**
     * @param downloads of one run
     * @param phones that download at the same time
     * @param settings of the gateway, {@code key=value}
     */
    Es9Bench(Kind kind, int downloads, int phones, int runs, List<String> settings) {
        this.kind = kind;
        this.downloads = downloads;
        this.phones = phones;
        this.runs = runs;
        // All phones of the bench have one address.
        this.settings = Stream.concat(Stream.of("limits.devicePerMinute=10000000"), settings.stream())
                .toList();
    }

    /** One run: what the phones saw, what the server used for one download, and the floor measured beside it. */
    private record Run(DownloadLoad.Outcome outcome, ServerCpu.Used each, double floorMs) {}

    List<BenchResult> run() throws Exception {
        try (BenchFolder folder = BenchFolder.create();
                GatewayProcess gateway = new GatewayProcess(folder.path(), settings)) {
            Path directory = folder.path();
            gateway.start();
            ServerCpu cpu = new ServerCpu(gateway.pid(), directory);
            try (BenchShop shop = new BenchShop(directory, gateway.ports())) {
                return results(measure(directory, cpu, source(gateway.ports(), shop)));
            } catch (MalformedTlvException e) {
                throw new IllegalStateException("the package of the bench is not well-formed", e);
            }
        }
    }

    private Source source(GatewayProcess.Ports ports, BenchShop shop) throws IOException, MalformedTlvException {
        if (kind == Kind.SOLD) {
            return shop::sell;
        }
        String protection = kind == Kind.PPK ? "ppk" : "session-keys";
        return new BenchStock(shop, "localhost:" + ports.device(), PROFILE_BYTES, protection)::release;
    }

    private List<Run> measure(Path directory, ServerCpu cpu, Source source) throws Exception {
        List<VirtualEuicc> cards = cards(directory);
        DownloadLoad load =
                new DownloadLoad(LpaTrust.of(cards.getFirst().ciCertificates()), LpaSettings.standard(), phones);
        CryptoFloor floor = new CryptoFloor(PROFILE_BYTES);
        int fewest = (WARM_UP_DOWNLOADS + downloads - 1) / downloads;
        WarmUp.run(cpu, fewest, MAX_WARM_UP, () -> once(cards, load, cpu, source, floor));
        List<Run> measured = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            measured.add(once(cards, load, cpu, source, floor));
        }
        return measured;
    }

    private Run once(List<VirtualEuicc> cards, DownloadLoad load, ServerCpu cpu, Source source, CryptoFloor floor)
            throws IOException, GeneralSecurityException, InterruptedException {
        List<String> codes = source.codes(downloads);
        List<DownloadLoad.Errand> errands = new ArrayList<>(downloads);
        for (int i = 0; i < downloads; i++) {
            errands.add(new DownloadLoad.Errand(cards.get(i % cards.size()), codes.get(i)));
        }
        double floorMs = floor.measureMs();
        ServerCpu.Used before = cpu.used();
        DownloadLoad.Outcome outcome = load.run(errands);
        ServerCpu.Used used = cpu.used().since(before);
        if (!outcome.failures().isEmpty()) {
            throw new IllegalStateException("downloads failed: " + outcome.failures());
        }
        return new Run(
                outcome, new ServerCpu.Used(used.gatewayMs() / downloads, used.databaseMs() / downloads), floorMs);
    }

    private List<VirtualEuicc> cards(Path directory) throws IOException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        GsmaTestPki pki = GsmaTestPki.open(directory.resolve("pki/gsma"), List.of("localhost"), clock, random);
        CardFacts facts =
                new CardFacts("2.5.0", CARD_BYTES, DeviceInfo.standard().tac());
        List<VirtualEuicc> cards = new ArrayList<>();
        for (int i = 0; i < Math.min(downloads, MAX_CARDS); i++) {
            cards.add(VirtualEuicc.create(List.of(pki), GsmaEid.test(i), facts, clock, random));
        }
        return cards;
    }

    private List<BenchResult> results(List<Run> measured) {
        double floorMs = median(measured, Run::floorMs);
        String floor = "cryptographic floor, " + CurveProvider.name();
        List<BenchResult> results = new ArrayList<>();
        results.add(result(
                measured,
                "download",
                "downloads/s",
                run -> run.outcome.perSecond(),
                floor + ", one core",
                1_000 / floorMs,
                new JsonObject()
                        .put("p50Ms", BenchResult.rounded(median(measured, run -> run.outcome.percentileMs(0.5))))
                        .put("p99Ms", BenchResult.rounded(median(measured, run -> run.outcome.percentileMs(0.99))))));
        results.add(result(
                measured,
                "download-cpu-ms",
                "ms",
                run -> run.each.totalMs(),
                floor,
                floorMs,
                new JsonObject()
                        .put("gatewayMs", BenchResult.rounded(median(measured, run -> run.each.gatewayMs())))
                        .put("databaseMs", BenchResult.rounded(median(measured, run -> run.each.databaseMs())))));
        for (String call : CALLS) {
            results.add(result(
                    measured,
                    call + "-p99-ms",
                    "ms",
                    run -> run.outcome.percentileMs(call, 0.99),
                    "p50",
                    median(measured, run -> run.outcome.percentileMs(call, 0.5)),
                    new JsonObject()));
        }
        return results;
    }

    private BenchResult result(
            List<Run> measured,
            String name,
            String unit,
            ToDoubleFunction<Run> value,
            String reference,
            double referenceValue,
            JsonObject more) {
        List<Double> values = measured.stream().map(value::applyAsDouble).toList();
        return new BenchResult(
                "es9",
                kind.name().toLowerCase(Locale.ROOT) + " " + name,
                BenchResult.median(values),
                unit,
                reference,
                referenceValue,
                values,
                more);
    }

    private static double median(List<Run> measured, ToDoubleFunction<Run> value) {
        return BenchResult.median(measured.stream().map(value::applyAsDouble).toList());
    }
}
