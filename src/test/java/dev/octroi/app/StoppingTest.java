package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.Main;
import dev.octroi.db.Postmaster;
import dev.octroi.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
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
    private static final String WAITING = "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            + " AND query LIKE '%zone%' AND datname = current_database()";
    private static final JsonObject ZONE =
            new JsonObject().put("name", "Central Paris").put("trackingAreas", new JsonArray().add("208-01-1234"));

    @Test
    void probesAreToldBeforeRequestsAreRefusedAndNoStreamHoldsTheStopUp(@TempDir Path data) throws Exception {
        Vertx vertx = Vertx.vertx();
        RunningGateway server = new RunningGateway(data, "stop.drain=PT15S", "stop.grace=PT30S");
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
            await().atMost(Duration.ofSeconds(10)).until(() -> ready(management) == 503);
            assertThat(get(client, port, "/v1/plans", server.reseller)
                            .await(20, TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(stream.isComplete()).as("before the drain is over").isFalse();

            stopped.get(60, TimeUnit.SECONDS);
            assertThat(stream.succeeded()).as("ended in order").isTrue();
        } finally {
            server.close();
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestInHandIsAnsweredWhileNewOnesFindNobody(@TempDir Path data) throws Exception {
        RunningGateway server = new RunningGateway(data, "stop.grace=PT60S", "database.statementTimeoutMs=60000");
        try (Connection holder = server.connect();
                Statement statement = holder.createStatement()) {
            int port = server.gateway.port("public");
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE zone IN EXCLUSIVE MODE");
            Future<HttpResponse<Buffer>> inHand =
                    server.begin(server.reseller, HttpMethod.POST, "/v1/zones", ZONE, "in-hand");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.rows(WAITING).equals(List.of("1")));
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.gateway::close);
            await().atMost(Duration.ofSeconds(20)).until(() -> !isOpen(port));
            assertThat(inHand.isComplete()).isFalse();
            holder.rollback();
            HttpResponse<Buffer> answer = inHand.await(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
            stopped.get(30, TimeUnit.SECONDS);
        } finally {
            server.close();
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
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
                            java.net.http.HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
