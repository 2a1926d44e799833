package dev.octroi.callback;

import dev.octroi.pki.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A receiver over real TLS that keeps what it got and answers as a test tells it. */
public final class Receiver implements AutoCloseable {
    /** What came in one request. */
    public record Got(String path, Map<String, String> headers, String text) {
        public String id() {
            return headers.get("webhook-id");
        }

        public JsonObject body() {
            return new JsonObject(text);
        }

        public JsonObject data() {
            return body().getJsonObject("data");
        }
    }

    /** How a request is answered. */
    public interface Answer {
        void to(HttpServerRequest request, Got got);
    }

    private final HttpServer server;
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private volatile Answer answer =
            (request, what) -> request.response().setStatusCode(204).end();

    /** @param clientRoot authority whose client certificates are required; null: none is asked for */
    public Receiver(Vertx vertx, TlsFiles files, @Nullable Path clientRoot) throws Exception {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setHost("127.0.0.1")
                .setPort(0)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(files.chain().toString())
                        .setKeyPath(files.key().toString()));
        if (clientRoot != null) {
            options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions().addCertPath(clientRoot.toString()));
        }
        server = vertx.createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    public URI url() {
        return URI.create("https://localhost:" + server.actualPort() + "/hook");
    }

    public void answers(Answer next) {
        answer = next;
    }

    public List<Got> got() {
        return got;
    }

    /** What came on one subscription, in order. */
    List<Got> of(String subscription) {
        return got.stream()
                .filter(each -> subscription.equals(each.data().getString("subscription")))
                .collect(Collectors.toList());
    }

    @Override
    public void close() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = request.headers().entries().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(java.util.Locale.ROOT), Map.Entry::getValue, (a, b) -> a));
        Got what = new Got(request.path(), headers, body.toString());
        got.add(what);
        answer.to(request, what);
    }
}
