package dev.octroi.cli;

import dev.octroi.rsp.euicc.ActivationCode;
import dev.octroi.rsp.euicc.DownloadReport;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi euicc download}: downloads the profile of an activation code. */
@Command(name = "download", description = "Download a profile by its activation code.", mixinStandardHelpOptions = true)
final class EuiccDownloadCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private EuiccOptions options = new EuiccOptions();

    @Parameters(paramLabel = "CODE", description = "LPA:1$$host$$token[$$oid][$$1]")
    @SuppressWarnings("NullAway.Init")
    private String activationCode;

    @Option(names = "--confirmation-code", paramLabel = "CODE", description = "Sent when the server asks for one.")
    private @Nullable String confirmationCode;

    @Option(names = "--enable", description = "Enable the profile afterwards.")
    private boolean enable;

    @Override
    public Integer call() throws IOException {
        ActivationCode code;
        try {
            code = ActivationCode.parse(activationCode);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return options.withLpa(lpa -> download(lpa, code));
    }

    private void download(Lpa lpa, ActivationCode code) throws LpaException {
        // Once only: a code that was wrong stays wrong.
        Iterator<String> codes = Optional.ofNullable(confirmationCode).stream().iterator();
        DownloadReport report =
                lpa.download(code, () -> codes.hasNext() ? Optional.of(codes.next()) : Optional.empty());
        for (DownloadReport.Step step : report.steps()) {
            double ms = step.took().toNanos() / 1e6;
            options.print(
                    "%-24s %8.1f ms  %s".formatted(step.name(), ms, step.detail()),
                    EuiccOptions.object().put("step", step.name()).put("ms", ms).put("detail", step.detail()));
        }
        if (enable) {
            lpa.enable(report.iccid());
        }
        String state = enable ? "enabled" : "disabled";
        options.print(
                "Installed %s (%s, %s), %s."
                        .formatted(report.iccid(), report.serviceProvider(), report.profileName(), state),
                EuiccOptions.object()
                        .put("ok", true)
                        .put("iccid", report.iccid())
                        .put("serviceProvider", report.serviceProvider())
                        .put("profileName", report.profileName())
                        .put("state", state)
                        .put("pendingNotifications", lpa.card().notifications().size()));
    }
}
