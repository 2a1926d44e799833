package dev.octroi.cli;

import dev.octroi.cli.bench.BenchCommand;
import dev.octroi.cli.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the command line. Exit codes: 0 done, 1 failed, 2 wrong use; a command that has more says so. */
@Command(
        name = "octroi",
        description = "GSMA SM-DP+ companion and subscription gateway for travel eSIMs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            DrainCommand.class,
            EuiccCommand.class,
            PkiCommand.class,
            TokenCommand.class,
            KeysCommand.class,
            CreateProfileTypeCommand.class,
            ImportProfilesCommand.class,
            ImportUsageCommand.class,
            AuditCommand.class,
            RestoredCommand.class,
            BenchCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class OctroiCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command? See octroi --help.");
    }

    /** Runs one command line and returns its exit code. */
    public static int execute(String... arguments) {
        return new CommandLine(new OctroiCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    commandLine.getErr().println("octroi: " + FailureText.of(failure));
                    if (Boolean.getBoolean("octroi.stacktrace")) {
                        failure.printStackTrace(commandLine.getErr());
                    }
                    return commandLine.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(arguments);
    }
}
