package dev.octroi.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.Scopes;
import dev.octroi.http.ProblemType;
import dev.octroi.quota.account.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What clients branch on is written down, and nothing else is. */
class ProblemCodesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/octroi");
    private static final Pattern REFUSING =
            Pattern.compile("\\b(withCode|unprocessable|conflict|forbidden|problem|refusal)\\(([^;]*?);");
    private static final Pattern WORD = Pattern.compile("\"([a-z]+(?:_[a-z]+)+)\"");
    private static final Pattern ONE =
            Pattern.compile("\\b(?:withCode|conflict|unprocessable)\\(\\s*\"([a-z_]+[a-z])\"");
    private static final Pattern SENTENCED = Pattern.compile("^        ([A-Z_]+)\\(\"", Pattern.MULTILINE);
    private static final Pattern DOCUMENTED = Pattern.compile("`([a-z_]+)`");
    private static final Pattern SCOPE_ROW = Pattern.compile("^\\| `([a-z]+:[a-z]+)` \\|", Pattern.MULTILINE);
    /** Words of OAuth, which has errors of its own form; docs/api.md tells them. */
    private static final Set<String> OF_OAUTH = Set.of("invalid_client", "invalid_scope");

    @Test
    void everyCodeIsDocumented() throws IOException {
        assertThat(documented()).containsAll(inUse());
    }

    @Test
    void everyDocumentedCodeIsInUse() throws IOException {
        Set<String> known = new TreeSet<>(inUse());
        known.addAll(Set.of("title", "detail", "code", "already_released", "already_dropped"));
        assertThat(known).containsAll(documented());
    }

    @Test
    void everyScopeIsDocumented() throws IOException {
        assertThat(found(SCOPE_ROW, Files.readString(Path.of("docs/api.md"))))
                .containsExactlyInAnyOrderElementsOf(Scopes.GRANTABLE);
    }

    private static Set<String> documented() throws IOException {
        return found(DOCUMENTED, Files.readString(Path.of("docs/problem-codes.md")));
    }

    private static Set<String> inUse() throws IOException {
        Set<String> codes = new TreeSet<>();
        Arrays.stream(ProblemType.values()).map(ProblemType::code).forEach(codes::add);
        Arrays.stream(Refusal.values()).map(Refusal::word).forEach(codes::add);
        for (String reasons : new String[] {
            "subscription/Placement", "subscription/Replacement", "subscription/Cancellation", "rsp/order/ResetOutcome"
        }) {
            found(SENTENCED, Files.readString(SOURCES.resolve(reasons + ".java")))
                    .forEach(name -> codes.add(name.toLowerCase(Locale.ROOT)));
        }
        for (String room : new String[] {"api", "access", "http", "web"}) {
            try (Stream<Path> files = Files.walk(SOURCES.resolve(room))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String source = Files.readString(file);
                    Matcher statement = REFUSING.matcher(source);
                    while (statement.find()) {
                        codes.addAll(found(WORD, statement.group(2)));
                    }
                    codes.addAll(found(ONE, source));
                }
            }
        }
        codes.removeAll(OF_OAUTH);
        return codes;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> words = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1));
        }
        return words;
    }
}
