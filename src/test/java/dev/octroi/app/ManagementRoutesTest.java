package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.ClockWatch;
import dev.octroi.db.Database;
import dev.octroi.telemetry.Metrics;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementRoutesTest {
    private final AtomicReference<Duration> wrongBy = new AtomicReference<>(Duration.ZERO);
    private final Metrics metrics = new Metrics();
    private final Readiness readiness = new Readiness();
    private Vertx vertx;
    private Database database;
    private int port;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.create(), 2, 2_000);
        ClockWatch clock = new ClockWatch(vertx, database, () -> Instant.now().plus(wrongBy.get()), System::nanoTime);
        await(clock.look());
        readiness.open();
        port = await(vertx.createHttpServer()
                        .requestHandler(
                                new ManagementRoutes(readiness, database, clock, metrics, List::of).router(vertx))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
        metrics.close();
    }

    @Test
    void gatewayIsNotReadyWhileItsClockIsFarFromTheDatabases() throws Exception {
        eventuallyReady();

        wrongBy.set(Duration.ofDays(400));
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(ready().body()).contains("\"checked\":\"clock\"");

        wrongBy.set(Duration.ZERO);
        eventuallyReady();
    }

    /** The database has a second to answer, which the first connection of an event loop may take longer than. */
    private void eventuallyReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ready().statusCode()).isEqualTo(200));
    }

    private HttpResponse<String> ready() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
