package dev.octroi.cli;

import dev.octroi.rsp.euicc.EndUser;
import dev.octroi.rsp.euicc.ProfileOffer;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user of the phone says: in options, on the terminal, or in lines on standard input. */
final class UserOptions {
    private static final String FROM_INPUT = "-";

    @Option(
            names = "--confirmation-code",
            paramLabel = "CODE",
            description = "Sent when the server asks for one; - takes one from each line of standard input. "
                    + "Without it a terminal is asked.")
    private @Nullable String confirmationCode;

    @Option(
            names = "--accept-rules",
            description = "Accept policy rules of the profile that forbid disabling or deleting it.")
    private boolean acceptRules;

    EndUser endUser(EuiccOptions printing) {
        Iterator<String> codes = codes().iterator();
        return new EndUser() {
            @Override
            public Optional<String> confirmationCode(int attempt) {
                if (attempt > 1) {
                    printing.remark("that confirmation code was wrong");
                }
                return codes.hasNext() ? Optional.of(codes.next()) : asked("Confirmation code: ");
            }

            @Override
            public boolean accepts(ProfileOffer offer) {
                if (acceptRules) {
                    return true;
                }
                printing.remark("%s by %s comes with the rules %s"
                        .formatted(offer.profileName(), offer.serviceProvider(), offer.rules()));
                return asked("Accept them (yes/no)? ").filter("yes"::equals).isPresent();
            }
        };
    }

    /** A code that was wrong stays wrong: each is given once. */
    private Stream<String> codes() {
        if (!FROM_INPUT.equals(confirmationCode)) {
            return Stream.ofNullable(confirmationCode);
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return Stream.generate(() -> line(input)).takeWhile(line -> !line.isEmpty());
    }

    private static String line(BufferedReader input) {
        try {
            String line = input.readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> asked(String question) {
        if (confirmationCode != null) {
            return Optional.empty();
        }
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readLine("%s", question))
                .map(String::strip)
                .filter(answer -> !answer.isEmpty());
    }
}
