package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** With what options gateways of commands are started. */
class JvmOptionsTest {
    @Test
    void theEnvironmentSetsTheHeapAndAnotherCollectorWins() {
        assertThat(JvmOptions.of(Map.of(), "Linux"))
                .contains("-XX:+UseG1GC")
                .noneMatch(each -> each.startsWith("-Xmx"));
        assertThat(JvmOptions.of(Map.of("OCTROI_HEAP", "2g", "OCTROI_JAVA_OPTS", " -XX:+UseZGC  -Da=b "), "Linux"))
                .contains("-Xmx2g")
                .doesNotContain("-XX:+UseG1GC")
                .endsWith("-XX:+UseZGC", "-Da=b");
    }

    @Test
    void whatAGatewayIsToldStandsInTheScriptOfTheCommandsAndInTheImage() throws IOException {
        assertThat(Files.readString(Path.of("octroi"))).contains(JvmOptions.of(Map.of(), "Linux"));
        assertThat(Files.readString(Path.of("Dockerfile"))).contains(JvmOptions.of(Map.of(), "Linux"));
    }

    @Test
    void aSystemThatDoesNotKnowLinuxPagesIsNotAskedForThem() {
        assertThat(JvmOptions.of(Map.of(), "Mac OS X"))
                .contains("-XX:+UseG1GC")
                .noneMatch(each -> each.contains("HugePages") || each.contains("pagesize"));
    }

    @Test
    void theImageHasTheTlsOptionsOfTheScript() throws IOException {
        List<String> wanted = Pattern.compile("-Djdk\\.tls\\.\\S+")
                .matcher(Files.readString(Path.of("octroi")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(wanted).hasSizeGreaterThan(1);
        assertThat(Files.readString(Path.of("Dockerfile"))).contains(wanted);
    }
}
