package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.ChildJvm;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command that starts a gateway leaves behind: nothing. */
class GatewayProcessTest {
    /** One for all: to make a database takes as long as everything else here. */
    @TempDir
    static Path data;

    /** Starts a gateway, says its process number, and stays, as {@code octroi demo --keep} does. */
    static final class Keep {
        private Keep() {}

        public static void main(String[] arguments) throws Exception {
            GatewayProcess gateway = new GatewayProcess(Path.of(arguments[0]), List.of());
            gateway.start();
            System.out.println(gateway.pid());
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aProcessThatIsAskedToEndStopsItsGatewayAndThatOnesDatabaseInOrder() throws Exception {
        ProcessBuilder starter =
                ChildJvm.of(Keep.class, data.toString()).redirectError(ProcessBuilder.Redirect.INHERIT);
        // Of an installation that the same shell serves; the gateway in the folder has nothing to do with it.
        starter.environment().put("OCTROI_DATABASE_URL", "postgresql://127.0.0.1:1/theirs");
        Process keeping = starter.start();
        ProcessHandle gateway;
        ProcessHandle database;
        try (BufferedReader said = keeping.inputReader()) {
            gateway = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            database = database();
        } finally {
            keeping.destroy();
        }
        assertThat(keeping.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertEnded(gateway);
        assertEnded(database);
        assertThat(data.resolve("pg/data/postmaster.pid"))
                .as("a server that stopped in order takes its mark away")
                .doesNotExist();
    }

    @Test
    void theDatabaseOfAKilledGatewayIsStoppedWhenTheGatewayIsClosed() throws Exception {
        ProcessHandle database;
        try (GatewayProcess gateway = new GatewayProcess(data, List.of())) {
            gateway.start();
            database = database();
            gateway.kill();
            assertThat(database.isAlive())
                    .as("a crash leaves it to the next start")
                    .isTrue();
        }
        assertEnded(database);
    }

    /** Who has no parent any more is seen until the system has collected it. */
    private static void assertEnded(ProcessHandle process) {
        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(60));
    }

    private static ProcessHandle database() throws Exception {
        String number =
                Files.readAllLines(data.resolve("pg/data/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(number.strip())).orElseThrow();
    }
}
