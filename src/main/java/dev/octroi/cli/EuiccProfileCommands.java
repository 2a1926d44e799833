package dev.octroi.cli;

import dev.octroi.rsp.euicc.CardProfile;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands about the profiles on a card. */
final class EuiccProfileCommands {
    private EuiccProfileCommands() {}

    /** {@code octroi euicc list}. */
    @Command(name = "list", description = "List the profiles on the card.", mixinStandardHelpOptions = true)
    static final class ListProfiles implements Callable<Integer> {
        @Mixin
        private EuiccOptions options = new EuiccOptions();

        @Override
        public Integer call() throws IOException {
            for (CardProfile profile : options.load().profiles()) {
                String state = profile.enabled() ? "enabled" : "disabled";
                options.print(
                        "%-20s %-8s %s, %s (%d bytes)"
                                .formatted(
                                        profile.iccid(),
                                        state,
                                        profile.serviceProvider(),
                                        profile.profileName(),
                                        profile.sizeBytes()),
                        EuiccOptions.object()
                                .put("iccid", profile.iccid())
                                .put("state", state)
                                .put("serviceProvider", profile.serviceProvider())
                                .put("profileName", profile.profileName())
                                .put("sizeBytes", profile.sizeBytes())
                                .put("aid", profile.aid()));
            }
            return 0;
        }
    }

    private interface Change {
        void apply(Lpa lpa, String iccid) throws LpaException;
    }

    private static int change(EuiccOptions options, String iccid, String state, Change change) throws IOException {
        return options.withLpa(lpa -> {
            change.apply(lpa, iccid);
            int waiting = lpa.card().notifications().size();
            options.print(
                    "%s is %s; %d notifications waiting.".formatted(iccid, state, waiting),
                    EuiccOptions.object()
                            .put("ok", true)
                            .put("iccid", iccid)
                            .put("state", state)
                            .put("pendingNotifications", waiting));
        });
    }

    /** {@code octroi euicc enable}. */
    @Command(
            name = "enable",
            description = "Enable a profile (the enabled one is disabled) and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Enable implements Callable<Integer> {
        @Mixin
        private EuiccOptions options = new EuiccOptions();

        @Parameters(paramLabel = "ICCID")
        @SuppressWarnings("NullAway.Init")
        private String iccid;

        @Override
        public Integer call() throws IOException {
            return change(options, iccid, "enabled", Lpa::enable);
        }
    }

    /** {@code octroi euicc disable}. */
    @Command(
            name = "disable",
            description = "Disable a profile and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Disable implements Callable<Integer> {
        @Mixin
        private EuiccOptions options = new EuiccOptions();

        @Parameters(paramLabel = "ICCID")
        @SuppressWarnings("NullAway.Init")
        private String iccid;

        @Override
        public Integer call() throws IOException {
            return change(options, iccid, "disabled", Lpa::disable);
        }
    }

    /** {@code octroi euicc delete}. */
    @Command(
            name = "delete",
            description = "Delete a disabled profile and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Delete implements Callable<Integer> {
        @Mixin
        private EuiccOptions options = new EuiccOptions();

        @Parameters(paramLabel = "ICCID")
        @SuppressWarnings("NullAway.Init")
        private String iccid;

        @Override
        public Integer call() throws IOException {
            return change(options, iccid, "deleted", Lpa::delete);
        }
    }
}
