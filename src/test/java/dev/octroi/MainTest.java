package dev.octroi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.ChildJvm;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void numbersHaveAsciiDigitsWhateverTheLanguageOfTheMachine() throws Exception {
        Path card = folder.resolve("card.json");
        Process octroi = ChildJvm.of(
                        List.of("-Duser.language=fa", "-Duser.country=IR"),
                        Main.class,
                        "euicc",
                        "new",
                        "--card=" + card,
                        "--pki=" + folder.resolve("pki"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(octroi.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(octroi.exitValue())
                .as(Files.readString(folder.resolve("out")))
                .isZero();
        assertThat(new JsonObject(Files.readString(card)).getString("eid")).matches("[0-9]{32}");
    }
}
