package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page of rules says proves a rule is there. */
class RuleTableTest {
    private static final Path HOME = Path.of(System.getProperty("octroi.home", "."));
    private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");
    private static final Pattern NAME = Pattern.compile("`(…?[a-z][A-Za-z0-9_]{7,}…?|…[A-Z][A-Za-z0-9_]{7,})`");

    @Test
    void everyTestThatTheRulesNameIsThere() throws IOException {
        Set<String> tests = tests();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : Files.readAllLines(HOME.resolve("docs/sgp22.md"))) {
            if (!line.startsWith("| ")) {
                continue;
            }
            String[] cells = line.split("\\|");
            for (var match : NAME.matcher(cells[cells.length - 1]).results().toList()) {
                named++;
                if (tests.stream().noneMatch(asPattern(match.group(1)).asMatchPredicate())) {
                    missing.add(match.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(80);
    }

    private static Pattern asPattern(String name) {
        return Pattern.compile(name.replace("…", ".*"));
    }

    private static Set<String> tests() throws IOException {
        Set<String> tests = new TreeSet<>();
        try (Stream<Path> files = Files.walk(HOME.resolve("src/test/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
                METHOD.matcher(Files.readString(file)).results().forEach(found -> tests.add(found.group(1)));
            }
        }
        return tests;
    }
}
