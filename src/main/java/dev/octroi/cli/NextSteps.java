package dev.octroi.cli;

import dev.octroi.app.Settings;
import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What to do once the gateway is ready, for people who started it by hand. */
final class NextSteps {
    private static final Path USUAL_FOLDER = Path.of("var");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=-]+");

    private NextSteps() {}

    /**
     * Two lines for the terminal.
     *
     * @param publicPort of the public listener
     * @param settings of the gateway; a token of a command with others may have another key or issuer, and is refused
     */
    static String lines(int publicPort, Settings settings) {
        return """
                Octroi is ready: API documentation at https://localhost:%1$d/docs, console at https://localhost:%1$d/console.
                A token for the API: ./octroi token --tenant 0 --scope all%2$s
                """.formatted(publicPort, sameGateway(settings));
    }

    private static String sameGateway(Settings settings) {
        StringBuilder options = new StringBuilder();
        if (!settings.dataDirectory().equals(USUAL_FOLDER)) {
            options.append(" --set ").append(word("data.dir=" + settings.dataDirectory()));
        }
        settings.publicUrl().ifPresent(url -> options.append(" --set ").append(word("public.url=" + url)));
        return options.toString();
    }

    /** As a shell reads it as one word. */
    private static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Whether a person looks at standard output; logs go to standard error in any case. */
    static boolean isWatched() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
