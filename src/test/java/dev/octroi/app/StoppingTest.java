package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.Main;
import dev.octroi.db.Postmaster;
import dev.octroi.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How whoever sends requests to a gateway learns that it stops. */
@Timeout(120)
class StoppingTest {
    @Test
    void probesAreToldBeforeRequestsAreRefusedAndNoStreamHoldsTheStopUp(@TempDir Path data) throws Exception {
        Vertx vertx = Vertx.vertx();
        RunningGateway server = new RunningGateway(data, "stop.drain=PT6S", "stop.grace=PT30S");
        try {
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
            int port = server.gateway.port("public");
            int management = server.gateway.port("management");
            Future<Void> stream = get(client, port, "/v1/events", server.reseller)
                    .await(20, TimeUnit.SECONDS)
                    .end();
            await().atMost(Duration.ofSeconds(30)).until(() -> ready(management) == 200);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.gateway::close);
            await().atMost(Duration.ofSeconds(4)).until(() -> ready(management) == 503);
            assertThat(get(client, port, "/v1/plans", server.reseller)
                            .await(20, TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(stream.isComplete()).as("before the drain is over").isFalse();

            stopped.get(25, TimeUnit.SECONDS);
            assertThat(stream.succeeded()).as("ended in order").isTrue();
        } finally {
            server.close();
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStopDuringTheStartLeavesNoDatabaseBehind(@TempDir Path data) throws Exception {
        Path log = data.resolve("log");
        Process gateway = ChildJvm.of(
                        List.of("-Djdk.tls.rejectClientInitiatedRenegotiation=true"),
                        Main.class,
                        "serve",
                        "--set=data.dir=" + data,
                        "--set=listener.public.port=0",
                        "--set=listener.device.port=0",
                        "--set=listener.operator.port=0",
                        "--set=listener.management.port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(data.resolve("pg/data/postmaster.pid")) || !gateway.isAlive());
            assertThat(gateway.isAlive()).as(Files.readString(log)).isTrue();
            assertThat(Files.readString(log)).as("still on its way").doesNotContain("\"ready\"");
            gateway.destroy();
            assertThat(gateway.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(data.resolve("pg/data/postmaster.pid"))
                    .as(Files.readString(log))
                    .doesNotExist();
            assertThat(Postmaster.of(data.resolve("pg"))).isEmpty();
        } finally {
            gateway.descendants().forEach(ProcessHandle::destroyForcibly);
            gateway.destroyForcibly();
        }
    }

    private static Future<HttpClientResponse> get(HttpClient client, int port, String path, String token) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("localhost")
                .setPort(port)
                .setURI(path)
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Accept", path.endsWith("events") ? "text/event-stream" : "application/json");
        return client.request(request).compose(sent -> sent.send());
    }

    private static int ready(int port) throws Exception {
        try (java.net.http.HttpClient http = java.net.http.HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
