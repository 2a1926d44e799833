package dev.octroi.cli;

import dev.octroi.drain.DrainReplay;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi drain < events.csv > alarms.csv}: runs the drain detector over recorded usage, without a database. */
@Command(
        name = "drain",
        description = {
            "Find drains in usage records: CSV on standard input in order of arrival,",
            "alarms (subscription_id,timestamp,kind,score) on standard output. Score 1 and above acts."
        },
        mixinStandardHelpOptions = true,
        subcommands = {DrainAnswersCommand.class, DrainFitCommand.class})
public final class DrainCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 1 << 16;

    @Option(
            names = "--stats",
            description = "Print nanoseconds per record and bytes of state (median, maximum) on standard error.")
    private boolean stats;

    @Option(
            names = "--from-score",
            paramLabel = "SCORE",
            defaultValue = "0.35",
            description = "Also write rows from this score on, for finding other operating points (default 0.35).")
    private double fromScore;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintStream out =
                new PrintStream(new BufferedOutputStream(System.out, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        DrainReplay replay = new DrainReplay(fromScore);
        replay.run(System.in, out);
        out.flush();
        if (stats) {
            spec.commandLine().getErr().println(replay.statistics());
        }
        return 0;
    }
}
