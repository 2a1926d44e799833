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
            "usage: records per second decided and durable, through the write path in this process."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "usage")
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

    @Option(names = "--runs", description = "Runs of each case (default: ${DEFAULT-VALUE}).", defaultValue = "3")
    private int runs;

    @Override
    public Integer call() throws Exception {
        if (!name.equals("usage")) {
            throw new CommandLine.ParameterException(spec.commandLine(), "There is a bench called usage.");
        }
        if (accounts < 1 || accounts > 2_000_000 || records < 1_000 || records > 10_000_000 || runs < 1 || runs > 99) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "1 to 2,000,000 accounts, 1,000 to 10,000,000 records, 1 to 99 runs.");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<BenchResult> results = new UsageBench(accounts, records, runs).run();
        for (BenchResult result : results) {
            out.println(json ? result.toJson() : result.toLine());
        }
        out.flush();
        return 0;
    }
}
