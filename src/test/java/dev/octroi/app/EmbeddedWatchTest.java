package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.LoopbackPort;
import dev.octroi.db.Postmaster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database dies under the gateway. */
@Timeout(300)
class EmbeddedWatchTest {
    @TempDir
    Path data;

    @Test
    void gatewayIsReadyAgainAfterItsDatabaseWasKilled() throws Exception {
        int device = LoopbackPort.free();
        SettingsSource source = SettingsSource.empty()
                .set("data.dir=" + data)
                .set("rsp.smdpAddress=localhost:" + device)
                .set("listener.device.port=" + device);
        for (String listener : new String[] {"public", "operator", "management"}) {
            source.set("listener." + listener + ".port=0");
        }
        for (String listener : new String[] {"public", "device", "operator", "management"}) {
            source.set("listener." + listener + ".host=127.0.0.1");
        }
        try (Gateway gateway = Gateway.start(Settings.load(source))) {
            int port = gateway.port("management");
            await().until(() -> ready(port) == 200);
            Postmaster.of(data.resolve("pg")).orElseThrow().kill();
            // No process of it is left, so that only a new one can answer.
            await().atMost(Duration.ofSeconds(60)).until(() -> ready(port) == 200);
        }
        assertThat(Postmaster.of(data.resolve("pg")))
                .as("stopped with the gateway")
                .isEmpty();
    }

    @Test
    void databaseThatDiesAgainAndAgainIsGivenUp() {
        AtomicLong time = new AtomicLong();
        AtomicInteger givenUp = new AtomicInteger();
        try (EmbeddedWatch watch = EmbeddedWatch.start(data, 100, time::get, () -> false, givenUp::incrementAndGet)) {
            for (int i = 1; i <= 3; i++) {
                killAndAwait(watch, i);
            }
            time.addAndGet(Duration.ofMinutes(11).toNanos());
            for (int i = 4; i <= 6; i++) {
                killAndAwait(watch, i);
            }
            assertThat(givenUp).as("three times within ten minutes").hasValue(0);
            Postmaster.of(data).orElseThrow().kill();
            await().atMost(Duration.ofSeconds(60)).until(() -> givenUp.get() == 1);
            assertThat(answers(watch.config())).isFalse();
        }
    }

    @Test
    void databaseThatEndsWhileTheGatewayStopsIsLeft() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (EmbeddedWatch watch =
                EmbeddedWatch.start(data, 100, System::nanoTime, () -> asked.incrementAndGet() > 0, () -> {})) {
            Postmaster.of(data).orElseThrow().kill();
            await().atMost(Duration.ofSeconds(60)).until(() -> asked.get() > 0);
            assertThat(watch.restarts()).isZero();
        }
        assertThat(Postmaster.of(data)).isEmpty();
    }

    private void killAndAwait(EmbeddedWatch watch, int times) {
        Postmaster.of(data).orElseThrow().kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> watch.restarts() == times);
        assertThat(answers(watch.config())).isTrue();
    }

    private static boolean answers(DatabaseConfig config) {
        try (Connection connection =
                DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword())) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static int ready(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
