package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The kill test in its short form, from the packaged jar; {@code ./octroi bench chaos} is the long one. */
class ChaosIT {
    private static final int TIMEOUT_SECONDS = 300;
    private static final int CYCLES = 2;

    @Test
    void whatWasAnsweredSurvivesKillsOfGatewaysAndDatabaseAndIsCountedOnce() throws Exception {
        Process chaos = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        System.getProperty("octroi.jar"),
                        "bench",
                        "chaos",
                        "--cycles",
                        Integer.toString(CYCLES),
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(chaos.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(chaos.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(chaos.exitValue()).as(out).isZero();
        JsonObject end = new JsonObject(out.lines().reduce("{}", (before, last) -> last));
        assertThat(end.getInteger("cycles")).isEqualTo(CYCLES);
        assertThat(end.getLong("records")).isPositive();
        assertThat(end.getDouble("value")).as("records lost").isZero();
        assertThat(end.getLong("twice")).isZero();
        assertThat(end.getLong("disagreeing")).isZero();
        assertThat(end.getDouble("referenceValue"))
                .as("records lost without durability: the test can see a loss")
                .isPositive();
    }
}
