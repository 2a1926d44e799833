package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    void whatAGatewayIsToldStandsInTheScriptOfTheCommands() throws IOException {
        assertThat(Files.readString(Path.of("octroi"))).contains(JvmOptions.of(Map.of(), "Linux"));
    }

    @Test
    void aGatewayThatRanOutOfMemoryEndsAndIsNotLeftHalfAlive() {
        assertThat(JvmOptions.of(Map.of(), "Linux")).contains("-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void aSystemThatDoesNotKnowLinuxPagesIsNotAskedForThem() {
        assertThat(JvmOptions.of(Map.of(), "Mac OS X"))
                .contains("-XX:+UseG1GC")
                .noneMatch(each -> each.contains("HugePages") || each.contains("pagesize"));
    }

    @Test
    void theImageRunsTheScriptOfTheCommands() throws IOException {
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("COPY octroi /opt/octroi/octroi", "ENTRYPOINT [\"/opt/octroi/octroi\"]")
                .doesNotContain("\"java\"");
    }
}
