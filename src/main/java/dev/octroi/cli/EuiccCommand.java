package dev.octroi.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code octroi euicc}: a virtual eUICC with its LPA, kept in a file. */
@Command(
        name = "euicc",
        description = "A virtual eUICC: download and manage profiles as a phone does.",
        footerHeading = "%nFor example:%n",
        footer = {
            "  octroi euicc new",
            "  octroi euicc download 'LPA:1$$localhost:8444$$TOKEN' --enable",
            "  octroi euicc list --json",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong use. More in docs/virtual-euicc.md."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            EuiccNewCommand.class,
            EuiccInfoCommand.class,
            EuiccDownloadCommand.class,
            EuiccListCommand.class,
            EuiccProfileCommands.Enable.class,
            EuiccProfileCommands.Disable.class,
            EuiccProfileCommands.Delete.class,
            EuiccNotificationsCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class EuiccCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command? See octroi euicc --help.");
    }
}
