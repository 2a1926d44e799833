package dev.octroi.cli;

import dev.octroi.app.CommandDatabase;
import dev.octroi.drain.AnsweredAlarm;
import dev.octroi.drain.AnswersCsv;
import dev.octroi.support.AlarmAnswers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi drain answers > answers.csv}: the kept answers to drain alarms, for {@code octroi drain fit --answers}. */
@Command(
        name = "answers",
        description = {
            "Write the answers to drain alarms (\"that was me\", \"that was not\") with what was measured, as CSV.",
            "No identifier and no time is written. Read it with: octroi drain fit --answers FILE"
        },
        mixinStandardHelpOptions = true)
public final class DrainAnswersCommand implements Callable<Integer> {
    private static final int TIMEOUT_MINUTES = 5;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "20000",
            description = "Only the newest answers, 1 to 20000 (default 20000).")
    private int limit;

    @Override
    public Integer call() throws IOException, TimeoutException {
        if (limit < 1 || limit > AlarmAnswers.MAX) {
            throw new CommandLine.ParameterException(spec.commandLine(), "A limit is 1 to " + AlarmAnswers.MAX + ".");
        }
        try (CommandDatabase connected = CommandDatabase.open(settings.load())) {
            List<AnsweredAlarm> answered =
                    new AlarmAnswers(connected.database()).newest(limit).await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            PrintWriter out = spec.commandLine().getOut();
            out.println(AnswersCsv.header());
            List<AnsweredAlarm> comparable =
                    answered.stream().filter(AnsweredAlarm::isComparable).toList();
            comparable.forEach(each -> out.println(AnswersCsv.line(each)));
            out.flush();
            PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    "%,d answers, %,d left out: measured by another version%n",
                    comparable.size(), answered.size() - comparable.size());
        }
        return 0;
    }
}
