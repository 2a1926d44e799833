package dev.octroi.cli;

import dev.octroi.rsp.euicc.ActivationCode;
import dev.octroi.rsp.euicc.DownloadReport;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code octroi euicc download}: downloads the profile of an activation code. */
@Command(
        name = "download",
        description = "Download a profile by its activation code, or the one that waits for this card.",
        mixinStandardHelpOptions = true)
final class EuiccDownloadCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LpaOptions options = new LpaOptions();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Origin origin;

    /** Where the profile comes from. */
    static final class Origin {
        @Parameters(paramLabel = "CODE", arity = "0..1", description = "LPA:1$$host$$token[$$oid][$$1]")
        private @Nullable String activationCode;

        @Option(
                names = "--smdp",
                paramLabel = "HOST",
                description = "Instead of a code: the default SM-DP+, which knows the card by its EID.")
        private @Nullable String smdp;
    }

    @Mixin
    private UserOptions user = new UserOptions();

    @Option(names = "--enable", description = "Enable the profile afterwards.")
    private boolean enable;

    @Override
    public Integer call() throws IOException {
        ActivationCode code;
        try {
            code = origin.smdp != null
                    ? ActivationCode.ofDefaultSmdp(origin.smdp)
                    : ActivationCode.parse(String.valueOf(origin.activationCode));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return options.withLpa(lpa -> download(lpa, code));
    }

    private void download(Lpa lpa, ActivationCode code) throws LpaException {
        DownloadReport report = lpa.reportingTo(this::print).download(code, user.endUser(options.card()));
        if (enable) {
            lpa.enable(report.iccid());
        }
        String state = enable ? "enabled" : "disabled";
        int waiting = lpa.card().notifications().size();
        options.card()
                .print(
                        "Installed %s (%s, %s), %s; %d notifications waiting."
                                .formatted(
                                        report.iccid(), report.serviceProvider(), report.profileName(), state, waiting),
                        EuiccOptions.object()
                                .put("ok", true)
                                .put("iccid", report.iccid())
                                .put("serviceProvider", report.serviceProvider())
                                .put("profileName", report.profileName())
                                .put("state", state)
                                .put("pendingNotifications", waiting));
    }

    private void print(DownloadReport.Step step) {
        double ms = step.took().toNanos() / 1e6;
        options.card()
                .print(
                        "%-24s %8.1f ms  %s".formatted(step.name(), ms, step.detail()),
                        EuiccOptions.object()
                                .put("step", step.name())
                                .put("ms", ms)
                                .put("detail", step.detail()));
    }
}
