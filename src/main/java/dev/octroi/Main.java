package dev.octroi;

import dev.octroi.cli.OctroiCommand;
import java.util.Locale;

/** Entry point of the {@code octroi} command. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Statements, card numbers and addresses are formatted, too: in some languages that gives digits that nobody
        // else reads. Pages for travellers name their language themselves.
        Locale.setDefault(Locale.ROOT);
        System.exit(OctroiCommand.execute(arguments));
    }
}
