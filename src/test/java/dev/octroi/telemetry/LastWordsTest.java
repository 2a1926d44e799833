package dev.octroi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process logs before it ends is in its log, however it ends. */
@Timeout(120)
class LastWordsTest {
    private static final int LINES = 500;

    @TempDir
    Path folder;

    @Test
    void everythingIsPrintedBeforeACommandExits() throws Exception {
        assertThat(run("exit")).hasSize(LINES + 1).last().asString().contains("in the hook");
    }

    @Test
    void everythingIsPrintedWhenTheMainThreadFails() throws Exception {
        assertThat(run("throw")).anySatisfy(line -> assertThat(line).contains("line 499"));
    }

    @Test
    void errorIsPrintedBeforeAHalt() throws Exception {
        assertThat(run("halt")).hasSize(LINES + 1).last().asString().contains("the last");
    }

    private List<String> run(String how) throws Exception {
        Path err = folder.resolve(how);
        Process process = ChildJvm.of(List.of("-Dlogback.configurationFile=logback.xml"), Speaker.class, how)
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // A JVM that takes options from the environment says so first.
        return Files.readAllLines(err).stream()
                .filter(line -> !line.startsWith("Picked up "))
                .toList();
    }

    /** The process that ends. */
    static final class Speaker {
        private static final Logger log = LoggerFactory.getLogger(Speaker.class);

        private Speaker() {}

        public static void main(String[] how) {
            for (int i = 0; i < LINES; i++) {
                log.info("line {}", i);
            }
            switch (how[0]) {
                case "exit" -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> log.info("in the hook")));
                    System.exit(0);
                }
                case "halt" -> {
                    log.error("the last");
                    Runtime.getRuntime().halt(1);
                }
                default -> throw new IllegalStateException("ends here");
            }
        }
    }
}
