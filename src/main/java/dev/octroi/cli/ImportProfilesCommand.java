package dev.octroi.cli;

import dev.octroi.app.CommandDatabase;
import dev.octroi.app.CommandStock;
import dev.octroi.app.Settings;
import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.rsp.stock.ImportReport;
import dev.octroi.rsp.stock.ProfileStock;
import dev.octroi.rsp.stock.StockImport.Auditor;
import dev.octroi.rsp.stock.StockImport.Batch;
import dev.octroi.rsp.stock.StockImport.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi import-profiles}: takes an operator's batch of subscribers into stock. */
@Command(
        name = "import-profiles",
        description = {
            "Import a batch of subscribers (CSV) as profiles of a type, into the database that the settings name.",
            "Needs the gateway's data directory, where the keys are that seal. The same file again changes nothing.",
            "Exit code 1 when a row was refused; each is printed with its line and reason."
        },
        mixinStandardHelpOptions = true)
public final class ImportProfilesCommand implements Callable<Integer> {
    private static final int MAX_ROWS = 1_000_000;
    private static final int TIMEOUT_MINUTES = 120;
    private static final int REPORT_ROWS = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "FILE", description = "CSV with a header of iccid, imsi, k and, as wanted, more.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--type", paramLabel = "NAME", required = true, description = "The profile type.")
    private String type = "";

    @Option(names = "--tenant", paramLabel = "ID", required = true, description = "Number of the tenant.")
    private int tenant;

    @Option(
            names = "--transport-key",
            paramLabel = "NAME",
            description = "Key of the file rsp.transportKeys under which K and OPc are encrypted.")
    private @Nullable String transportKey;

    private int reported;

    @Override
    public Integer call() throws IOException, TimeoutException {
        if (tenant < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "A tenant's number is 1 or more.");
        }
        Settings loaded = settings.load();
        PrintWriter out = spec.commandLine().getOut();
        try (Reader content = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CommandDatabase connected = CommandDatabase.open(loaded)) {
            ProfileStock stock = CommandStock.open(loaded, connected);
            Batch batch = new Batch(tenant, type, transportKey, content, MAX_ROWS);
            Outcome outcome =
                    stock.imports().run(batch, auditor(), this::progress).await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            return switch (outcome) {
                case Outcome.Done done -> print(out, done.report());
                case Outcome.Refused refused -> {
                    print(out, refused.report());
                    spec.commandLine().getErr().println("octroi: " + refused.sentence());
                    yield 1;
                }
            };
        }
    }

    private Auditor auditor() {
        AuditLog audit = new AuditLog();
        InstantSource clock = InstantSource.system();
        String actor = "cli:" + System.getProperty("user.name", "someone");
        String name = String.valueOf(file.getFileName());
        return (connection, stored, imported, firstLine, lastLine) -> audit.append(
                connection,
                new AuditEntry(
                        tenant,
                        clock.instant(),
                        actor,
                        "profiles.imported",
                        stored.name(),
                        null,
                        null,
                        Map.of(
                                "batch", name,
                                "typeVersion", stored.version(),
                                "imported", imported,
                                "firstLine", firstLine,
                                "lastLine", lastLine),
                        null));
    }

    private void progress(ImportReport report) {
        if (report.rows() - reported >= REPORT_ROWS) {
            reported = report.rows();
            spec.commandLine().getErr().printf("%,d rows%n", reported);
        }
    }

    private static int print(PrintWriter out, ImportReport report) {
        for (ImportReport.Refusal refusal : report.refusals()) {
            out.printf(
                    "line %d: %s: %s%n",
                    refusal.line(), refusal.fault().code(), refusal.fault().sentence());
        }
        out.printf(
                "%,d rows: %,d imported, %,d unchanged, %,d refused%n",
                report.rows(), report.imported(), report.unchanged(), report.refused());
        return report.refused() == 0 ? 0 : 1;
    }
}
