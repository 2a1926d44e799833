package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.app.Settings;
import dev.octroi.app.SettingsSource;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NextStepsTest {
    private static final Pattern COMMAND = Pattern.compile("\\./octroi \\S+(?: \\S+)*");

    @Test
    void commandsThatANewcomerIsToldExist() {
        assertThat(COMMAND.matcher(lines()).results().map(MatchResult::group))
                .hasSize(1)
                .allSatisfy(line -> {
                    String[] words = line.split(" ");
                    CommandLine.ParseResult parsed =
                            new CommandLine(new OctroiCommand()).parseArgs(Arrays.copyOfRange(words, 1, words.length));
                    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo(words[1]);
                });
    }

    /** With another key, or for another address, the token is refused: the line is good as it stands. */
    @Test
    void theTokenIsForTheGatewayThatSaysSo() {
        assertThat(lines("data.dir=/srv/my octroi", "public.url=https://octroi.example.com"))
                .endsWith("./octroi token --tenant 0 --scope all --set 'data.dir=/srv/my octroi'"
                        + " --set public.url=https://octroi.example.com\n");
        assertThat(lines("data.dir=/srv/it's")).contains("--set 'data.dir=/srv/it'\\''s'");
        assertThat(lines()).endsWith("./octroi token --tenant 0 --scope all\n");
    }

    private static String lines(String... assignments) {
        SettingsSource source = SettingsSource.empty();
        List.of(assignments).forEach(source::set);
        return NextSteps.lines(8443, Settings.load(source));
    }

    @Test
    void addressesHaveThePortThatIsListenedOn() {
        assertThat(NextSteps.lines(12345, Settings.load(SettingsSource.empty())))
                .contains("https://localhost:12345/docs", "https://localhost:12345/console");
    }
}
