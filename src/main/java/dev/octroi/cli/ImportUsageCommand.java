package dev.octroi.cli;

import dev.octroi.app.CommandUsage;
import dev.octroi.usage.Feed;
import dev.octroi.usage.FeedTerms;
import dev.octroi.usage.file.FileImport;
import dev.octroi.usage.file.FileOutcome;
import dev.octroi.usage.file.FileTally;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi import-usage}: counts files of usage records. */
@Command(
        name = "import-usage",
        description = {
            "Count files of usage records (CSV), into the database that the settings name; a gateway may run beside it.",
            "Needs the gateway's data directory, where the keys are. A file that broke off is imported again: nothing is",
            "counted twice. Exit code 1 when a row was rejected or a file could not be imported; rejected rows are in a",
            "report, with line and reason."
        },
        mixinStandardHelpOptions = true)
public final class ImportUsageCommand implements Callable<Integer> {
    private static final long PROGRESS_ROWS = 50_000;
    private static final int MISSING_LINES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "CSV with a header of imsi or iccid, end, plmn, up, down and, as wanted, more.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            required = true,
            description = "The feed's name: part of each record's identity, so always the same for one sender.")
    private String source = "";

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            description = "Number of the only tenant that it serves (default: any).")
    private int tenant;

    @Option(
            names = "--imsi-prefix",
            paramLabel = "DIGITS",
            description = "Beginning of the IMSIs that it may report, may be repeated (default: any, and ICCIDs).")
    private List<String> prefixes = new ArrayList<>();

    @Option(names = "--numbered", description = "Names end with the sender's running number: tell what is missing.")
    private boolean numbered;

    @Option(names = "--end-mark", description = "A file is complete only with a last line #end,ROWS.")
    private boolean endMark;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Where reports of rejected rows go (default: beside each file).")
    private @Nullable Path reports;

    private long told;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Feed feed = terms().feed();
        boolean good = true;
        try (CommandUsage usage = CommandUsage.open(settings.load())) {
            for (Path file : files) {
                told = 0;
                FileImport.Source each =
                        new FileImport.Source(feed, file.toAbsolutePath(), report(file), numbered, endMark);
                good &= tell(file, report(file), usage.imports().run(each, this::progress));
            }
        }
        return good ? 0 : 1;
    }

    private FeedTerms terms() {
        try {
            return new FeedTerms(source, tenant, prefixes);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Path report(Path file) {
        Path folder = reports;
        Path beside = file.toAbsolutePath().resolveSibling(file.getFileName() + ".rejected.csv");
        return folder == null ? beside : folder.toAbsolutePath().resolve(String.valueOf(beside.getFileName()));
    }

    private void progress(FileTally tally) {
        if (tally.rows() - told >= PROGRESS_ROWS) {
            told = tally.rows();
            spec.commandLine().getErr().printf("%,d rows%n", told);
        }
    }

    private boolean tell(Path file, Path report, FileOutcome outcome) {
        String line = file.getFileName() + ": "
                + switch (outcome) {
                    case FileOutcome.Done done -> words(done.tally());
                    case FileOutcome.Repeated repeated -> "counted before, as " + repeated.earlierName();
                    case FileOutcome.Incomplete incomplete -> incomplete.sentence();
                    case FileOutcome.Refused refused -> refused.sentence();
                };
        spec.commandLine().getOut().println(line);
        if (outcome instanceof FileOutcome.Done done) {
            if (done.tally().rejected() > 0) {
                spec.commandLine().getOut().println("  rejected rows are in " + report);
            }
            done.missing().stream()
                    .limit(MISSING_LINES)
                    .forEach(each -> spec.commandLine().getOut().println("  missing: " + each));
        }
        return switch (outcome) {
            case FileOutcome.Done done -> done.tally().rejected() == 0;
            case FileOutcome.Repeated repeated -> true;
            case FileOutcome.Incomplete incomplete -> false;
            case FileOutcome.Refused refused -> false;
        };
    }

    private static String words(FileTally tally) {
        return "%,d rows: %,d counted, %,d duplicate, %,d quarantined, %,d rejected"
                .formatted(tally.rows(), tally.counted(), tally.duplicate(), tally.quarantined(), tally.rejected());
    }
}
