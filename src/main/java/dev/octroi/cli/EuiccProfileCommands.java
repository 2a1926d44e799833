package dev.octroi.cli;

import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands that change the state of one profile and tell the servers. */
final class EuiccProfileCommands {
    private EuiccProfileCommands() {}

    /** What they have in common. */
    abstract static class Change implements Callable<Integer> {
        @Mixin
        private LpaOptions options = new LpaOptions();

        @Parameters(paramLabel = "ICCID", description = "Number of the profile, as list shows it.")
        @SuppressWarnings("NullAway.Init")
        private String iccid;

        /** Changes the profile and gives its new state in a word. */
        abstract String apply(Lpa lpa, String iccid) throws LpaException;

        @Override
        public final Integer call() throws IOException {
            return options.withLpa(lpa -> {
                String state = apply(lpa, iccid);
                int waiting = lpa.card().notifications().size();
                options.card()
                        .print(
                                "%s is %s; %d notifications waiting.".formatted(iccid, state, waiting),
                                EuiccOptions.object()
                                        .put("ok", true)
                                        .put("iccid", iccid)
                                        .put("state", state)
                                        .put("pendingNotifications", waiting));
            });
        }
    }

    /** {@code octroi euicc enable}. */
    @Command(
            name = "enable",
            description = "Enable a profile (the enabled one is disabled) and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Enable extends Change {
        @Override
        String apply(Lpa lpa, String iccid) throws LpaException {
            lpa.enable(iccid);
            return "enabled";
        }
    }

    /** {@code octroi euicc disable}. */
    @Command(
            name = "disable",
            description = "Disable a profile and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Disable extends Change {
        @Override
        String apply(Lpa lpa, String iccid) throws LpaException {
            lpa.disable(iccid);
            return "disabled";
        }
    }

    /** {@code octroi euicc delete}. */
    @Command(
            name = "delete",
            description = "Delete a disabled profile and send the notifications.",
            mixinStandardHelpOptions = true)
    static final class Delete extends Change {
        @Override
        String apply(Lpa lpa, String iccid) throws LpaException {
            lpa.delete(iccid);
            return "deleted";
        }
    }
}
