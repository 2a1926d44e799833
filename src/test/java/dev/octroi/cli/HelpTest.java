package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    @ParameterizedTest(name = "octroi {0}")
    @MethodSource("commands")
    void everyCommandExplainsItself(List<String> words) {
        CommandLine root = new CommandLine(new OctroiCommand());
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(words);
        arguments.add("--help");
        assertThat(root.setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new)))
                .isZero();
        assertThat(out.toString()).contains(String.join(" ", words));
    }

    @ParameterizedTest(name = "octroi {0}")
    @MethodSource("commands")
    void everyOptionAndParameterHasADescription(List<String> words) {
        CommandLine command = new CommandLine(new OctroiCommand());
        for (String word : words) {
            command = command.getSubcommands().get(word);
        }
        assertThat(command.getCommandSpec().args())
                .isNotEmpty()
                .allSatisfy(argument -> assertThat(argument.description())
                        .as(argument.toString())
                        .isNotEmpty());
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    }

    private static Stream<List<String>> commands() {
        return below(new CommandLine(new OctroiCommand()), List.of());
    }

    private static Stream<List<String>> below(CommandLine command, List<String> words) {
        return Stream.concat(
                Stream.of(words), command.getSubcommands().entrySet().stream().flatMap(each -> {
                    List<String> more = new ArrayList<>(words);
                    more.add(each.getKey());
                    return below(each.getValue(), List.copyOf(more));
                }));
    }
}
