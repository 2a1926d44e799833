package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A demo must not play on the installation that the shell's variables belong to. */
class ChildEnvironmentTest {
    @Test
    void settingsOfAnInstallationStayOutAndAllElseGoesIn() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "OCTROI_DATABASE_URL", "postgresql://db.example.com/octroi",
                "OCTROI_SMDP_URL", "https://smdp.example.com",
                "OCTROI_HEAP", "4g",
                "OCTROI_LOG_LEVEL", "WARN",
                "PATH", "/usr/bin"));
        ChildEnvironment.withoutSettings(environment);
        assertThat(environment).containsOnlyKeys("OCTROI_LOG_LEVEL", "PATH");
    }
}
