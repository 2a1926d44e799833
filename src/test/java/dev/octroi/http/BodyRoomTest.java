package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyRoomTest {
    private final BodyBudget bodies = new BodyBudget(1_000);
    private final AtomicReference<Future<Void>> work = new AtomicReference<>(Future.succeededFuture());
    private Vertx vertx;
    private HttpClientAgent client;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        vertx = Vertx.vertx();
        client = vertx.createHttpClient();
        Router router = Router.router(vertx);
        router.route()
                .handler(new BodyRoom(bodies, 800))
                .handler(BodyHandler.create(false).setBodyLimit(800))
                .handler(ctx -> work.get().onSuccess(done -> ctx.response().end()));
        ProblemHandler.install(router);
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0)
                .await(20, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void whatFindsNoRoomIsRefusedAndRoomIsGivenBackByTheAnswer() throws Exception {
        Promise<Void> slow = Promise.promise();
        work.set(slow.future());
        Future<Integer> first = send(800);
        Awaitility.await().until(() -> bodies.inHandBytes() == 800);

        assertThat(send(201).await(20, TimeUnit.SECONDS)).isEqualTo(503);

        slow.complete();
        assertThat(first.await(20, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(send(800).await(20, TimeUnit.SECONDS)).isEqualTo(200);
        Awaitility.await().until(() -> bodies.inHandBytes() == 0);
    }

    @Test
    void whoSaysNoLengthTakesRoomForTheLargestBodyUntilTheConnectionIsGone() throws Exception {
        var request = client.request(HttpMethod.POST, port, "localhost", "/").await(20, TimeUnit.SECONDS);
        request.setChunked(true).write("begun").await(20, TimeUnit.SECONDS);
        Awaitility.await().until(() -> bodies.inHandBytes() == 800);
        request.reset();
        Awaitility.await().until(() -> bodies.inHandBytes() == 0);
    }

    private Future<Integer> send(int bytes) {
        return client.request(HttpMethod.POST, port, "localhost", "/")
                .compose(request -> request.send(Buffer.buffer(new byte[bytes])))
                .map(answer -> answer.statusCode());
    }
}
