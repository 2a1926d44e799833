package dev.octroi.cli;

import dev.octroi.app.CommandDatabase;
import dev.octroi.app.Settings;
import dev.octroi.audit.AuditFinding;
import dev.octroi.audit.AuditVerifier;
import dev.octroi.audit.ChainAcceptance;
import dev.octroi.audit.ChangedHeadsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code octroi audit}: the chained record of what was done. */
@Command(
        name = "audit",
        description = "Look after the audit log.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class AuditCommand implements Runnable {
    private static final int TIMEOUT_MINUTES = 60;
    private static final int BROKEN = 1;
    private static final int UNCHECKED = 3;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command? See octroi audit --help.");
    }

    @Command(
            name = "verify",
            description = {
                "Check every chain, its head and the exported heads.",
                "Exit code 1 when one does not hold, of which the first bad number is named, or when the exported heads",
                "were changed; 3 when they could not be checked, which says nothing of what they hold."
            },
            exitCodeOnExecutionException = AuditCommand.UNCHECKED,
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin SettingsOptions options,
            @Option(names = "--json", description = "Print one JSON object.") boolean json)
            throws Exception {
        Settings settings = options.load();
        PrintWriter out = spec.commandLine().getOut();
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            AuditVerifier verifier = new AuditVerifier(
                    connected.database(), settings.dataDirectory().toAbsolutePath());
            AuditVerifier.Report report = verifier.verify().await(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            if (json) {
                out.println(json(report));
            } else {
                for (AuditFinding finding : report.findings()) {
                    out.printf("tenant %d: row %d: %s%n", finding.tenantId(), finding.seq(), finding.what());
                }
                out.printf(
                        "%d chains, %d rows verified: %s%n",
                        report.chains(), report.rows(), report.holds() ? "all hold" : "BROKEN");
            }
            return report.holds() ? 0 : BROKEN;
        } catch (ChangedHeadsException changed) {
            spec.commandLine().getErr().println("octroi: " + changed.getMessage());
            return BROKEN;
        }
    }

    @Command(
            name = "accept",
            description = {
                "Take a chain as it is now after the database was restored from before its exported head. The chain itself has",
                "to hold; a row of it says which head it had before, who accepted it and why. To be run with the data.dir",
                "of each gateway, while that gateway does not run. Exit code 1 when the chain itself is broken."
            },
            exitCodeOnExecutionException = AuditCommand.UNCHECKED,
            mixinStandardHelpOptions = true)
    int accept(
            @Mixin SettingsOptions options,
            @Option(
                            names = "--tenant",
                            required = true,
                            description = "The number of the tenant that verify names; 0: the operator.")
                    int tenant,
            @Option(names = "--reason", required = true, description = "Why, for whoever reads the chain.")
                    String reason)
            throws Exception {
        Settings settings = options.load();
        PrintWriter out = spec.commandLine().getOut();
        try (CommandDatabase connected = CommandDatabase.open(settings)) {
            ChainAcceptance acceptance = new ChainAcceptance(
                    connected.database(), settings.dataDirectory().toAbsolutePath(), Clock.systemUTC());
            String actor = "cli:" + System.getProperty("user.name", "someone");
            return switch (acceptance.accept(tenant, actor, reason).await(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                case ChainAcceptance.Outcome.Accepted done -> {
                    out.printf(
                            "tenant %d: accepted up to row %d; the exported head was row %d%n",
                            tenant, done.seq(), done.formerSeq());
                    yield 0;
                }
                case ChainAcceptance.Outcome.Needless needless -> {
                    out.printf("tenant %d: there is nothing to accept%n", tenant);
                    yield 0;
                }
                case ChainAcceptance.Outcome.Broken broken -> {
                    out.printf(
                            "tenant %d: row %d: %s%n",
                            tenant, broken.finding().seq(), broken.finding().what());
                    yield BROKEN;
                }
            };
        } catch (ChangedHeadsException changed) {
            spec.commandLine().getErr().println("octroi: " + changed.getMessage());
            return BROKEN;
        }
    }

    private static JsonObject json(AuditVerifier.Report report) {
        JsonArray findings = new JsonArray();
        report.findings()
                .forEach(finding -> findings.add(new JsonObject()
                        .put("tenant", finding.tenantId())
                        .put("seq", finding.seq())
                        .put("what", finding.what())));
        return new JsonObject()
                .put("holds", report.holds())
                .put("chains", report.chains())
                .put("rows", report.rows())
                .put("findings", findings);
    }
}
