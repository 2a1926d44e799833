package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private static final int BUDGET_BYTES = 1_000_000;

    private final BodyBudget budget = new BodyBudget(BUDGET_BYTES);
    private final ConcurrentLinkedQueue<Promise<Reply>> atWork = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Promise<Void>> lookedUp = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean looksUp;
    private Vertx vertx;
    private WebClient client;
    /** A field: a client that nobody refers to closes itself. */
    private HttpClient plain;

    private int port;

    @Test
    void allBudgetsTogetherAreAnEighthOfTheHeap() {
        for (long heapBytes = 1L << 30; heapBytes <= 1L << 36; heapBytes *= 2) {
            long networks = BodyBudget.forNetworks(heapBytes).maxBytes();
            long tenants = BodyBudget.forTenants(heapBytes).maxBytes();
            assertThat(networks).isGreaterThanOrEqualTo(tenants);
            assertThat(networks + tenants).isLessThanOrEqualTo(heapBytes / 8);
        }
    }

    @BeforeEach
    void open() throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        plain = vertx.createHttpClient();
        Router router = Router.router(vertx);
        router.route().handler(ctx -> {
            ctx.addEndHandler(over -> ended.incrementAndGet());
            ctx.next();
        });
        ProblemHandler.install(router);
        OperationHandler none = call -> Future.succeededFuture(Reply.ok(new JsonObject()));
        OperationHandler slow = call -> {
            Promise<Reply> reply = Promise.promise();
            atWork.add(reply);
            return reply.future();
        };
        Routes.of(get(Contract.load(vertx, "sample")))
                .security("bearer", (ctx, scopes) -> lookUp())
                .bodies(budget)
                .handlers(Map.of(
                        "getThing", none, "createThing", none, "patchThings", none, "token", none, "batch", slow))
                .mount(vertx, router);
        port = get(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
        client = WebClient.create(vertx);
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @Test
    void bodiesBeyondTheBudgetWaitOutsideUntilOthersAreDone() throws Exception {
        Future<HttpResponse<Buffer>> first = send(800_000);
        await().until(() -> atWork.size() == 1);

        HttpResponse<Buffer> second = get(send(300_000));
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.getHeader("Retry-After")).isEqualTo("1");
        assertThat(atWork).hasSize(1);

        finish();
        assertThat(get(first).statusCode()).isEqualTo(200);
        Future<HttpResponse<Buffer>> third = send(300_000);
        await().until(() -> atWork.size() == 1);
        finish();
        assertThat(get(third).statusCode()).isEqualTo(200);
        assertThat(budget.inHandBytes()).isZero();
    }

    @Test
    void roomIsGivenBackWhenWorkFailsAndWhenABodyBreaksOff() throws Exception {
        Future<HttpResponse<Buffer>> failing = send(800_000);
        await().until(() -> atWork.size() == 1);
        atWork.remove().fail(new IllegalStateException("unforeseen"));
        assertThat(get(failing).statusCode()).isEqualTo(500);
        assertThat(budget.inHandBytes()).isZero();

        HttpClientRequest broken = get(plain.request(HttpMethod.POST, port, "127.0.0.1", "/sample/v1/batches"));
        broken.putHeader("Content-Type", "application/x-ndjson").putHeader("Content-Length", "800000");
        get(broken.write("x".repeat(1_000)));
        await().until(() -> budget.inHandBytes() == 800_000);
        get(broken.connection().close());
        await().until(() -> budget.inHandBytes() == 0);
    }

    @Test
    void bodyWhoseSenderIsGoneStaysInHandUntilItsWorkIsDone() throws Exception {
        HttpClientRequest gone = get(plain.request(HttpMethod.POST, port, "127.0.0.1", "/sample/v1/batches"));
        gone.putHeader("Content-Type", "application/x-ndjson").putHeader("Content-Length", "1000");
        get(gone.end("x".repeat(1_000)));
        await().until(() -> atWork.size() == 1);
        get(gone.connection().close());
        assertThat(budget.inHandBytes()).isEqualTo(1_000);

        finish();

        await().until(() -> budget.inHandBytes() == 0);
    }

    @Test
    void bodyOfUnknownLengthTakesTheRoomOfTheLargestUntilItIsRead() throws Exception {
        HttpClientRequest chunked = get(plain.request(HttpMethod.POST, port, "127.0.0.1", "/sample/v1/batches"));
        chunked.putHeader("Content-Type", "application/x-ndjson").setChunked(true);
        get(chunked.write("x".repeat(1_000)));
        await().until(() -> budget.inHandBytes() == 1_000_000);
        get(chunked.end());
        await().until(() -> atWork.size() == 1);
        assertThat(budget.inHandBytes()).isEqualTo(1_000);
        finish();
        assertThat(get(chunked.response()).statusCode()).isEqualTo(200);
    }

    @Test
    void bodyWhoseSenderLeavesWhileItIsLookedUpTakesNoRoom() throws Exception {
        looksUp = true;
        HttpClientRequest gone = get(plain.request(HttpMethod.POST, port, "127.0.0.1", "/sample/v1/batches"));
        gone.putHeader("Content-Type", "application/x-ndjson").putHeader("Content-Length", "800000");
        get(gone.write("x".repeat(1_000)));
        await().until(() -> lookedUp.size() == 1);
        get(gone.connection().close());
        await().until(() -> ended.get() == 1);

        lookedUp.remove().complete();

        looksUp = false;
        Future<HttpResponse<Buffer>> next = send(800_000);
        await().until(() -> atWork.size() == 1);
        finish();
        assertThat(get(next).statusCode()).isEqualTo(200);
        assertThat(budget.inHandBytes()).isZero();
    }

    private Future<Void> lookUp() {
        if (!looksUp) {
            return Future.succeededFuture();
        }
        Promise<Void> found = Promise.promise();
        lookedUp.add(found);
        return found.future();
    }

    private Future<HttpResponse<Buffer>> send(int bytes) {
        return client.post(port, "127.0.0.1", "/sample/v1/batches")
                .putHeader("Content-Type", "application/x-ndjson")
                .sendBuffer(Buffer.buffer("x".repeat(bytes)));
    }

    private void finish() {
        atWork.remove().complete(Reply.ok(new JsonObject()));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
