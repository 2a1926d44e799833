package dev.octroi.cli.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi bench NAME}. Exits 0 whatever the figures are. */
@Command(
        name = "bench",
        description = {
            "Measure, beside a reference measured in the same run.",
            "usage: records per second decided and durable, over mutual TLS, and what each costs.",
            "es9: whole downloads over ES9+, and the processor time of gateway and PostgreSQL for each.",
            "charging: messages of 3GPP charging sessions per second, over mutual TLS and HTTP/2.",
            "callbacks: from the record that crosses a quota to the first attempt to tell the network, at 1,000 records/s.",
            "chaos: two gateways and PostgreSQL killed at random under load; fails when a record is lost or counted twice."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "usage, charging, es9, callbacks or chaos")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(names = "--json", description = "One JSON object for each case.")
    private boolean json;

    @Option(names = "--accounts", description = "Accounts (default: ${DEFAULT-VALUE}).", defaultValue = "100000")
    private int accounts;

    @Option(
            names = "--records",
            description = "Records of one run (default: ${DEFAULT-VALUE}).",
            defaultValue = "100000")
    private int records;

    @Option(
            names = "--growth",
            description = "Measures usage also with ten times the accounts and with a ledger ten times as long.")
    private boolean growth;

    @Option(
            names = "--messages",
            description = "Messages of one run of charging (default: ${DEFAULT-VALUE}).",
            defaultValue = "20000")
    private int messages;

    @Option(
            names = "--downloads",
            description = "Downloads of one run of es9 (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000")
    private int downloads;

    @Option(
            names = "--phones",
            description = "Phones that download at the same time (default: ${DEFAULT-VALUE}).",
            defaultValue = "32")
    private int phones;

    @Option(
            names = "--profile",
            description = "What es9 downloads: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "OPERATOR")
    @SuppressWarnings("NullAway.Init")
    private Es9Bench.Kind profile;

    @Option(names = "--cycles", description = "Kills of chaos (default: ${DEFAULT-VALUE}).", defaultValue = "50")
    private int cycles;

    @Option(names = "--seed", description = "Chance of chaos (default: ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the gateway that is started.")
    private List<String> settings = List.of();

    @Option(names = "--runs", description = "Runs of each case (default: ${DEFAULT-VALUE}).", defaultValue = "3")
    private int runs;

    @Override
    public Integer call() throws Exception {
        if (accounts < 1 || accounts > 2_000_000 || records < 1_000 || records > 10_000_000 || runs < 1 || runs > 99) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "1 to 2,000,000 accounts, 1,000 to 10,000,000 records, 1 to 99 runs.");
        }
        if (messages < 1_000 || messages > 1_000_000) {
            throw new CommandLine.ParameterException(spec.commandLine(), "1,000 to 1,000,000 messages.");
        }
        if (cycles < 1 || cycles > 1_000) {
            throw new CommandLine.ParameterException(spec.commandLine(), "1 to 1,000 cycles.");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (downloads < 1 || downloads > 20_000 || phones < 1 || phones > 256) {
            throw new CommandLine.ParameterException(spec.commandLine(), "1 to 20,000 downloads, 1 to 256 phones.");
        }
        List<BenchResult> results = switch (name) {
            case "usage" -> new UsageBench(new UsageBench.Terms(accounts, records, runs, growth, settings)).run();
            case "charging" -> new ChargingBench(messages, runs, settings).run();
            case "chaos" -> new ChaosBench(cycles, seed, spec.commandLine().getErr()::println).run();
            case "es9" -> new Es9Bench(profile, downloads, phones, runs, settings).run();
            case "callbacks" -> new CallbackBench(runs).run();
            default ->
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "There are benches called usage, charging, es9, callbacks and chaos.");
        };
        for (BenchResult result : results) {
            out.println(json ? result.toJson() : result.toLine());
        }
        out.flush();
        return 0;
    }
}
