package dev.octroi.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests to ourselves before anyone is told that we are ready: handshakes, routes, validation and problems are compiled
 * and loaded by then, so that the first caller does not wait for it.
 */
final class WarmUp {
    private static final int ROUNDS = 8;
    private static final int TIMEOUT_SECONDS = 20;

    private record Visit(String listener, HttpMethod method, String path) {}

    private static final List<Visit> VISITS = List.of(
            new Visit("public", HttpMethod.GET, "/v1/plans"),
            new Visit("public", HttpMethod.GET, "/s/none"),
            new Visit("device", HttpMethod.POST, "/gsma/rsp2/es9plus/initiateAuthentication"));

    private WarmUp() {}

    /** Visits each surface a few times, each time over a connection of its own; completes whatever was answered. */
    static Future<Void> run(Vertx vertx, Listeners listeners) {
        // We call ourselves by address, so there is no name to verify and nothing to tell.
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setKeepAlive(false)
                .setConnectTimeout(5_000);
        HttpClient client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(4));
        List<Future<?>> all = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Visit visit : VISITS) {
                all.add(visit(client, visit, listeners.port(visit.listener())));
            }
        }
        return Future.join(all).timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).transform(done -> client.close());
    }

    private static Future<?> visit(HttpClient client, Visit visit, int port) {
        RequestOptions request = new RequestOptions()
                .setMethod(visit.method())
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(visit.path())
                .putHeader("Content-Type", "application/json");
        return client.request(request)
                .compose(sent -> HttpMethod.POST.equals(visit.method()) ? sent.send("{}") : sent.send())
                .compose(answer -> answer.end());
    }
}
