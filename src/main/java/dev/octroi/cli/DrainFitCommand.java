package dev.octroi.cli;

import dev.octroi.drain.DrainFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi drain fit}: makes population and weights from labelled sets. */
@Command(
        name = "fit",
        description = {
            "Fit the detector's population and weights to labelled sets and write them as resources.",
            "A set is a folder with events.csv, labels.csv and, where known, injected.csv."
        },
        mixinStandardHelpOptions = true)
public final class DrainFitCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FOLDER[,WEIGHT[,KEEP[,blank]]]",
            description = {
                "Sets: folder, weight of its drains (1), share of the records inside drains to use (1),",
                "and whether to read it as a feed that names no categories. The population is the first one's."
            })
    private List<String> sets = List.of();

    @Option(names = "--out", required = true, description = "Folder for population.txt and weights.txt.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--fit-version", defaultValue = "1", description = "Number of this fit.")
    private int version;

    @Option(names = "--trees", defaultValue = "260", description = "Trees of the alarm model (default 260).")
    private int trees;

    @Option(names = "--rate", defaultValue = "0.1", description = "Share taken of each tree (default 0.1).")
    private float rate;

    @Option(
            names = "--threshold",
            required = true,
            description = "Sum at which the product acts; find it on sets that were not fitted on.")
    private float threshold;

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "Also fit on answered alarms, as \"octroi drain answers\" writes them.")
    private @Nullable Path answers;

    @Option(
            names = "--answer-weight",
            paramLabel = "WEIGHT",
            defaultValue = "0.5",
            description = "What an answer counts, against a drain of a set of weight 1 (default 0.5).")
    private float answerWeight;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(answerWeight > 0 && answerWeight <= 100)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "An answer's weight is above 0, at most 100.");
        }
        DrainFit fit =
                new DrainFit(version, trees, rate, threshold, spec.commandLine().getErr()::println);
        if (answers != null) {
            fit.answered(answers, answerWeight);
        }
        fit.run(sets, out);
        return 0;
    }
}
