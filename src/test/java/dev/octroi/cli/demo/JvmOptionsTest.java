package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmOptionsTest {
    @Test
    void aGatewayOfACommandHasTheHeapAndTheCollectorOfTheCommand() {
        assertThat(JvmOptions.of(Map.of())).contains("-XX:+UseParallelGC").noneMatch(each -> each.startsWith("-Xmx"));
        assertThat(JvmOptions.of(Map.of("OCTROI_HEAP", "2g", "OCTROI_JAVA_OPTS", " -XX:+UseZGC  -Da=b ")))
                .contains("-Xmx2g")
                .doesNotContain("-XX:+UseParallelGC")
                .endsWith("-XX:+UseZGC", "-Da=b");
    }

    @Test
    void whatAGatewayIsToldStandsInTheScriptOfTheCommands() throws IOException {
        assertThat(Files.readString(Path.of("octroi"))).contains(JvmOptions.of(Map.of()));
    }
}
