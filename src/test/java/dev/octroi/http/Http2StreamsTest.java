package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.DevPki;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TrustEverything;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many streams of one HTTP/2 connection over TLS, by a client that is not Vert.x. */
class Http2StreamsTest {
    private static final int ROUNDS = 12;
    private static final int TIMEOUT_SECONDS = 60;

    private static Vertx vertx;
    private static URI base;
    private static HttpClient client;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        DevPki pki = DevPki.ensure(folder, InstantSource.system(), new SecureRandom());
        Front front = new Front("h2", vertx, ConnectionLimits.DEFAULT, new Random(5), System::nanoTime);
        front.router().post("/size/:bytes").handler(BodyHandler.create(false).setBodyLimit(100_000));
        front.router()
                .post("/size/:bytes")
                .handler(ctx ->
                        ctx.response().end(Buffer.buffer("x".repeat(Integer.parseInt(ctx.pathParam("bytes"))))));
        ServerTls tls = ServerTls.server(() -> TlsMaterial.read(pki.publicServer(), Clock.systemUTC()));
        int port = front.server(ServerOptions.withHttp2(tls.applyTo(ServerOptions.http1("127.0.0.1", 0))))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .actualPort();
        base = URI.create("https://127.0.0.1:" + port);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverything()}, null);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .build();
        // The connection that all requests share: opened before them, or each would open its own.
        assertThat(post(10).get(TIMEOUT_SECONDS, TimeUnit.SECONDS).version()).isEqualTo(HttpClient.Version.HTTP_2);
    }

    @AfterAll
    static void stopServer() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Together more than the socket takes: without {@link OutboundRoom} some of them never end. */
    @Test
    void allAnswersOfAFullConnectionArrive() throws Exception {
        int longest = ServerOptions.MAX_HTTP2_ANSWER_BYTES - 1_024;
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int stream = 0; stream < ServerOptions.MAX_STREAMS; stream++) {
                all.add(post(stream % 3 == 0 ? longest : 700));
            }
            for (int stream = 0; stream < ServerOptions.MAX_STREAMS; stream++) {
                HttpResponse<String> answer = all.get(stream).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.body()).hasSize(stream % 3 == 0 ? longest : 700);
            }
        }
    }

    private static CompletableFuture<HttpResponse<String>> post(int bytes) {
        return client.sendAsync(
                HttpRequest.newBuilder(base.resolve("/size/" + bytes))
                        .POST(HttpRequest.BodyPublishers.ofString("y".repeat(1_200)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
