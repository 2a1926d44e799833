package dev.octroi.cli;

import java.io.Console;
import java.util.Optional;

/** What to do once the gateway is ready, for people who started it by hand. */
final class NextSteps {
    private NextSteps() {}

    /**
     * Two lines for the terminal.
     *
     * @param publicPort of the public listener
     */
    static String lines(int publicPort) {
        return """
                Octroi is ready: API documentation at https://localhost:%1$d/docs, console at https://localhost:%1$d/console.
                A token for the API: ./octroi token --tenant 0 --scope all
                """.formatted(publicPort);
    }

    /** Whether a person looks at standard output; logs go to standard error in any case. */
    static boolean isWatched() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
