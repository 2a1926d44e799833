package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only what was refused, or not waited for, counts against an address: neither what is in hand nor what the gateway could not answer. */
class FailedTriesTest {
    private static final int PER_MINUTE = 30;

    private final AtomicReference<Function<RoutingContext, Future<Integer>>> work = new AtomicReference<>();
    private Vertx vertx;
    private HttpClientAgent client;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route().handler(new FailedTries(PER_MINUTE, () -> 0));
        router.route()
                .handler(ctx -> work.get()
                        .apply(ctx)
                        .onSuccess(
                                status -> ctx.response().setStatusCode(status).end()));
        router.errorHandler(
                500,
                ctx -> ctx.response()
                        .setStatusCode(
                                ctx.failure() instanceof ProblemException problem
                                        ? problem.problem().status()
                                        : 500)
                        .end());
        client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(2 * PER_MINUTE));
        port = await(vertx.createHttpServer().requestHandler(router).listen(0)).actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void whatIsInHandIsNoFailedTry() throws Exception {
        Promise<Integer> slow = Promise.promise();
        work.set(ctx -> slow.future());
        List<Future<Integer>> answers = ask(2 * PER_MINUTE);
        vertx.setTimer(500, id -> slow.complete(200));
        for (Future<Integer> each : answers) {
            assertThat(await(each)).isEqualTo(200);
        }
    }

    @Test
    void whatCouldNotBeAnsweredIsNoFailedTryAndWhatIsRefusedIs() throws Exception {
        assertThat(askOneByOne(2 * PER_MINUTE, 503)).containsOnly(503);
        assertThat(askOneByOne(PER_MINUTE, 401)).containsOnly(401);
        assertThat(askOneByOne(1, 200)).containsOnly(429);
    }

    @Test
    void whoHangsUpBeforeTheAnswerHasTried() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger gone = new AtomicInteger();
        work.set(ctx -> {
            begun.incrementAndGet();
            ctx.addEndHandler(over -> gone.incrementAndGet());
            return Promise.<Integer>promise().future();
        });
        List<HttpClientRequest> asked = new ArrayList<>();
        for (int i = 0; i < PER_MINUTE; i++) {
            HttpClientRequest request = await(client.request(HttpMethod.GET, port, "localhost", "/"));
            request.send();
            asked.add(request);
        }
        Awaitility.await().until(() -> begun.get() == PER_MINUTE);
        asked.forEach(HttpClientRequest::reset);
        Awaitility.await().until(() -> gone.get() == PER_MINUTE);

        assertThat(askOneByOne(1, 200)).containsOnly(429);
    }

    private List<Integer> askOneByOne(int times, int status) throws Exception {
        work.set(ctx -> Future.succeededFuture(status));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(await(ask(1).getFirst()));
        }
        return statuses;
    }

    private List<Future<Integer>> ask(int times) {
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(client.request(HttpMethod.GET, port, "localhost", "/")
                    .compose(request -> request.send())
                    .map(response -> response.statusCode()));
        }
        return answers;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
