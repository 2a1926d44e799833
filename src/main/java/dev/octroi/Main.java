package dev.octroi;

import dev.octroi.cli.OctroiCommand;

/** Entry point of the {@code octroi} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(OctroiCommand.execute(arguments));
    }
}
