package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole story from the packaged jar, in processes of its own. */
class DemoIT {
    private static final int TIMEOUT_SECONDS = 240;

    /** 128 random bits in hexadecimal: about one in 160 has fifteen digits in a row. */
    private static final String REQUEST_ID = "\"requestId\":\"[0-9a-f]{32}\"";

    @Test
    void everyStepOfTheDemoIsObserved(@TempDir Path data) throws Exception {
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        System.getProperty("octroi.jar"),
                        "demo",
                        "--json",
                        "--data",
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(demo.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        List<JsonObject> steps = out.lines().map(JsonObject::new).toList();
        assertThat(steps)
                .allSatisfy(step ->
                        assertThat(step.getBoolean("ok")).as(step.encode()).isTrue());
        assertThat(steps.stream().map(step -> step.getString("step")))
                .containsExactly(
                        "order",
                        "download",
                        "count",
                        "throttle",
                        "top up",
                        "own limit",
                        "zone",
                        "drain",
                        "admin",
                        "crash");
        assertThat(demo.exitValue()).isZero();
        String log = Files.readString(data.resolve("gateway.log"));
        assertThat(log)
                .as("the gateway was stopped in order, its database last")
                .contains("\"stopped\"")
                .doesNotContain("in order\"");
        assertThat(log.replaceAll(REQUEST_ID, ""))
                .as(
                        "sold, downloaded, counted, suspended and settled without a number of a card, a code or a key to a page")
                .doesNotContainPattern("[0-9]{15}")
                .doesNotContain("LPA:1$", "/s/oct")
                .doesNotContain("[redacted]");
    }
}
