package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NextStepsTest {
    private static final Pattern COMMAND = Pattern.compile("\\./octroi \\S+(?: \\S+)*");

    @Test
    void commandsThatANewcomerIsToldExist() {
        assertThat(COMMAND.matcher(NextSteps.lines(8443)).results().map(MatchResult::group))
                .hasSize(1)
                .allSatisfy(line -> {
                    String[] words = line.split(" ");
                    CommandLine.ParseResult parsed =
                            new CommandLine(new OctroiCommand()).parseArgs(Arrays.copyOfRange(words, 1, words.length));
                    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo(words[1]);
                });
    }

    @Test
    void addressesHaveThePortThatIsListenedOn() {
        assertThat(NextSteps.lines(12345)).contains("https://localhost:12345/docs", "https://localhost:12345/console");
    }
}
