package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.DevPki;
import dev.octroi.pki.ServerTls;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TrustEverything;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front over TLS with HTTP/2 on offer, as the public listener has it. */
class FrontTlsTest {

    private static final int MAX_CONTROL_FRAMES = 20;
    /** No test takes that long, its handshake included: what ends before is not ended for being slow. */
    private static final long NEVER_MS = 120_000;

    private static Vertx vertx;
    private static Front front;
    private static ServerTls tls;
    private static int port;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        DevPki pki = DevPki.ensure(folder, InstantSource.system(), new SecureRandom());
        ConnectionLimits limits = new ConnectionLimits(50, 40, NEVER_MS, NEVER_MS, NEVER_MS, MAX_CONTROL_FRAMES);
        front = new Front("tls", vertx, limits, new Random(3), System::nanoTime);
        front.router().route("/echo").handler(BodyHandler.create(false).setBodyLimit(1000));
        front.router().route("/echo").handler(ctx -> ctx.response().end(Buffer.buffer("hello")));
        tls = ServerTls.server(() -> TlsMaterial.read(pki.publicServer(), Clock.systemUTC()));
        port = await(front.server(ServerOptions.withHttp2(tls.applyTo(ServerOptions.http1("127.0.0.1", 0))))
                        .listen())
                .actualPort();
    }

    @AfterAll
    static void stopServer() throws Exception {
        await(vertx.close());
    }

    @Test
    void strictDecoderStandsBehindTlsToo() throws Exception {
        String smuggled =
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        assertThat(exchange(smuggled)).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(exchange("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("strict-transport-security: max-age")
                .endsWith("hello");
    }

    @Test
    void problemsArriveOverHttp2() throws Exception {
        WebClient client = WebClient.wrap(vertx.createHttpClient(options()));
        HttpResponse<Buffer> nothing =
                await(client.get(port, "127.0.0.1", "/nothing").send());
        assertThat(nothing.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(nothing.bodyAsJsonObject().getString("code")).isEqualTo("not_found");
        HttpResponse<Buffer> large =
                await(client.post(port, "127.0.0.1", "/echo").sendBuffer(Buffer.buffer("x".repeat(2_000))));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.bodyAsJsonObject().getString("code")).isEqualTo("content_too_large");
    }

    /** With HTTP/2 the last of these would never arrive; see {@link ServerOptions#withoutHttp2}. */
    @Test
    void largeAndSmallAnswersBesideEachOtherAllArrive() throws Exception {
        Front plain = new Front("tls1", vertx, ConnectionLimits.DEFAULT, new Random(4), System::nanoTime);
        plain.router()
                .get("/size/:bytes")
                .handler(ctx ->
                        ctx.response().end(Buffer.buffer("x".repeat(Integer.parseInt(ctx.pathParam("bytes"))))));
        int plainPort = await(plain.server(ServerOptions.withoutHttp2(tls.applyTo(ServerOptions.http1("127.0.0.1", 0))))
                        .listen())
                .actualPort();
        WebClient client = WebClient.wrap(vertx.createHttpClient(options()));
        List<Future<HttpResponse<Buffer>>> all = new ArrayList<>();
        for (int bytes : new int[] {1_700_000, 270_000, 466, 1_700_000, 466}) {
            all.add(client.get(plainPort, "127.0.0.1", "/size/" + bytes).send());
        }
        List<HttpResponse<Buffer>> answers = await(Future.all(all).map(done -> done.<HttpResponse<Buffer>>list()));
        assertThat(answers)
                .extracting(each -> each.body().length())
                .containsExactly(1_700_000, 270_000, 466, 1_700_000, 466);
        assertThat(answers).allMatch(each -> each.version() == HttpVersion.HTTP_1_1);
    }

    @Test
    void pingFloodEndsItsConnection() throws Exception {
        CompletableFuture<HttpConnection> opened = new CompletableFuture<>();
        HttpClient client = vertx.httpClientBuilder()
                .with(options())
                .withConnectHandler(opened::complete)
                .build();
        await(client.request(HttpMethod.GET, port, "127.0.0.1", "/echo")
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::end));
        HttpConnection connection = opened.get(10, TimeUnit.SECONDS);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        connection.closeHandler(done -> closed.complete(true));
        for (int i = 0; i < 3 * MAX_CONTROL_FRAMES; i++) {
            connection.ping(Buffer.buffer("12345678"));
        }
        assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setTrustAll(true)
                .setVerifyHost(false);
    }

    private static String exchange(String message) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverything()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            // The handshake and the message leave together: nothing of it may be lost while the decoder is replaced.
            socket.getOutputStream().write(message.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .replace("Strict-Transport-Security", "strict-transport-security");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
