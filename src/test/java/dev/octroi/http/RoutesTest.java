package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private static final String TOKEN = "Bearer good";
    private static final AtomicReference<OperationHandler> CREATE = new AtomicReference<>();
    private static Vertx vertx;
    private static Contract contract;
    private static ContractResponses responses;
    private static WebClient client;
    private static int port;

    @BeforeAll
    static void startServer() throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        contract = await(Contract.load(vertx, "sample"));
        responses = ContractResponses.of(contract);
        Router router = Router.router(vertx);
        router.route().handler(new RequestId(new Random(1)));
        ProblemHandler.install(router);
        handlers(Routes.of(contract)).security("bearer", RoutesTest::check).mount(vertx, router);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        port = server.actualPort();
        client = WebClient.create(vertx);
    }

    @AfterAll
    static void stopServer() throws Exception {
        await(vertx.close());
    }

    private static Routes handlers(Routes routes) {
        return routes.handler(
                        "getThing",
                        call -> Future.succeededFuture(Reply.ok(new JsonObject()
                                .put("id", call.path("id"))
                                .put("name", "n")
                                .put("size", call.queryInt("limit", 50)))))
                .handler("createThing", call -> CREATE.get().handle(call))
                .handler("patchThings", call -> Future.succeededFuture(Reply.noContent()))
                .handler("token", call -> Future.succeededFuture(Reply.ok(call.body())))
                .handler(
                        "batch",
                        call -> Future.succeededFuture(Reply.ok(
                                new JsonObject().put("bytes", call.bodyBytes().length()))));
    }

    private static Future<Void> check(io.vertx.ext.web.RoutingContext ctx, List<String> scopes) {
        assertThat(scopes).containsExactly("things:write");
        String token = ctx.request().getHeader("Authorization");
        // Asynchronous, as a real check may be: the body must survive the wait.
        return Future.<Void>future(promise -> ctx.vertx().setTimer(5, fired -> promise.complete()))
                .compose(
                        waited -> TOKEN.equals(token) ? Future.succeededFuture() : Future.failedFuture(refusal(token)));
    }

    private static ProblemException refusal(String token) {
        return token == null
                ? Failures.ofStatus(401)
                : Problem.of(ProblemType.FORBIDDEN)
                        .withCode("insufficient_scope")
                        .toException();
    }

    @Test
    void validRequestReachesItsHandler() throws Exception {
        HttpResponse<Buffer> response = get("/sample/v1/things/thing_abc?limit=7");
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        assertThat(response.bodyAsJsonObject().getInteger("size")).isEqualTo(7);
        assertThat(response.getHeader("X-Request-Id")).hasSize(32);
        responses.check("getThing", response);
    }

    @Test
    void wrongParametersArePointedAt() throws Exception {
        HttpResponse<Buffer> response = get("/sample/v1/things/thing_abc?limit=900");
        assertProblem(response, 400, "invalid_request");
        assertThat(pointers(response)).containsExactly("#/query/limit");
        response = get("/sample/v1/things/other");
        assertProblem(response, 400, "invalid_request");
        assertThat(pointers(response)).containsExactly("#/path/id");
    }

    @Test
    void wrongBodyMembersArePointedAt() throws Exception {
        HttpResponse<Buffer> response = post(
                "/sample/v1/things",
                "application/json",
                "{\"name\":\"\",\"size\":\"3\",\"parts\":[{\"weight\":1},{\"weight\":\"x\"}],\"tenant\":5}");
        assertProblem(response, 400, "invalid_request");
        assertThat(pointers(response)).containsExactlyInAnyOrder("#/name", "#/size", "#/parts/1/weight", "#/tenant");
        responses.check(HttpMethod.POST, "/sample/v1/things", response);
    }

    @Test
    void bodyThatIsNotJsonIsRefusedPlainly() throws Exception {
        for (String body : List.of("{", "nope", "[1]", "null", "\"text\"", "{\"name\":\"a\",\"size\":1e999}", "")) {
            HttpResponse<Buffer> response = post("/sample/v1/things", "application/json", body);
            assertProblem(response, 400, "invalid_request");
        }
    }

    @Test
    void textWithANulIsRefusedBeforeAnythingIsDone() throws Exception {
        CREATE.set(call -> Future.succeededFuture(Reply.ok(call.body())));
        HttpResponse<Buffer> response =
                post("/sample/v1/things", "application/json", "{\"name\":\"a\\u0000\",\"size\":1}");
        assertProblem(response, 400, "invalid_request");
        assertThat(response.bodyAsJsonObject().getString("detail")).contains("U+0000");
        assertProblem(
                post("/sample/v1/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&a=%00"),
                400,
                "invalid_request");
        HttpResponse<Buffer> spelled =
                post("/sample/v1/things", "application/json", "{\"name\":\"a\\\\u0000\",\"size\":1}");
        assertThat(spelled.bodyAsJsonObject().getString("name")).isEqualTo("a\\u0000");
    }

    @Test
    void patternThatEndsAllowsNoLineFeedBehindIt() throws Exception {
        CREATE.set(call -> Future.succeededFuture(Reply.ok(call.body())));
        String body = "{\"name\":\"a\",\"size\":1,\"code\":\"abc%s\"}";
        assertThat(post("/sample/v1/things", "application/json", body.formatted(""))
                        .statusCode())
                .isEqualTo(200);
        for (String end : List.of("\\n", "\\r\\n", "\\u2028")) {
            HttpResponse<Buffer> response = post("/sample/v1/things", "application/json", body.formatted(end));
            assertProblem(response, 400, "invalid_request");
            assertThat(pointers(response)).containsExactly("#/code");
        }
    }

    @Test
    void missingCredentialNamesTheScheme() throws Exception {
        HttpResponse<Buffer> response = await(
                client.get(port, "127.0.0.1", "/sample/v1/things/thing_abc").send());
        assertProblem(response, 401, "unauthenticated");
        assertThat(response.getHeader("WWW-Authenticate")).startsWith("Bearer");
        responses.check("getThing", response);
        response = await(client.get(port, "127.0.0.1", "/sample/v1/things/thing_abc")
                .putHeader("Authorization", "Bearer bad")
                .send());
        assertProblem(response, 403, "insufficient_scope");
    }

    @Test
    void unknownPathAndMethodAndMediaTypesHaveTheirOwnProblems() throws Exception {
        assertProblem(get("/sample/v1/nothing"), 404, "not_found");
        HttpResponse<Buffer> response = await(client.delete(port, "127.0.0.1", "/sample/v1/things")
                .putHeader("Authorization", TOKEN)
                .send());
        assertProblem(response, 405, "method_not_allowed");
        assertProblem(post("/sample/v1/things", "text/plain", "x"), 415, "unsupported_media_type");
        response = await(client.get(port, "127.0.0.1", "/sample/v1/things/thing_abc")
                .putHeader("Authorization", TOKEN)
                .putHeader("Accept", "image/png")
                .send());
        assertProblem(response, 406, "not_acceptable");
    }

    @Test
    void bodiesBeyondTheLimitOfTheirOperationAreRefused() throws Exception {
        String large = "{\"name\":\"" + "a".repeat(70_000) + "\"}";
        assertProblem(post("/sample/v1/things", "application/json", large), 413, "content_too_large");
        HttpResponse<Buffer> batch = post("/sample/v1/batches", "application/x-ndjson", "x".repeat(900_000));
        assertThat(batch.bodyAsJsonObject().getInteger("bytes")).isEqualTo(900_000);
        assertProblem(
                post("/sample/v1/batches", "application/x-ndjson", "x".repeat(1_000_001)), 413, "content_too_large");
    }

    @Test
    void formsAndMergePatchesAreValidatedToo() throws Exception {
        HttpResponse<Buffer> token =
                post("/sample/v1/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&a=b+c");
        assertThat(token.bodyAsJsonObject().getString("a")).isEqualTo("b c");
        HttpResponse<Buffer> wrong = post("/sample/v1/token", "application/x-www-form-urlencoded", "grant_type=x");
        assertThat(pointers(wrong)).containsExactly("#/grant_type");
        assertProblem(
                post("/sample/v1/token", "application/x-www-form-urlencoded", "grant_type=a&grant_type=b"),
                400,
                "invalid_request");
        HttpResponse<Buffer> patch = request(HttpMethod.PATCH, "/sample/v1/things", "application/merge-patch+json")
                .sendBuffer(Buffer.buffer("{\"name\":null}"))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        responses.check("patchThings", patch);
        assertThat(patch.statusCode()).isEqualTo(204);
    }

    @Test
    void failuresOfHandlersTellNothingOfThemselves() throws Exception {
        Map<Integer, Throwable> failures = Map.of(
                500, new IllegalStateException("secret 8933010000000000001"),
                503, new ConnectionPoolTooBusyException("queue full"),
                400, new PgException("invalid byte sequence", "ERROR", "22021", "secret 8933010000000000001"),
                409, Problem.of(ProblemType.CONFLICT).toException());
        for (Map.Entry<Integer, Throwable> failure : failures.entrySet()) {
            CREATE.set(call -> Future.failedFuture(failure.getValue()));
            HttpResponse<Buffer> response =
                    post("/sample/v1/things", "application/json", "{\"name\":\"a\",\"size\":1}");
            assertThat(response.statusCode()).isEqualTo(failure.getKey());
            assertThat(response.bodyAsString()).doesNotContain("secret", "Exception", "queue");
            assertThat(response.getHeader("Retry-After")).isEqualTo(failure.getKey() == 503 ? "2" : null);
            responses.check("createThing", response);
        }
        CREATE.set(call -> {
            throw new NullPointerException("thrown, not failed");
        });
        assertProblem(post("/sample/v1/things", "application/json", "{\"name\":\"a\",\"size\":1}"), 500, "internal");
    }

    @Test
    void everyKindOfProblemHasItsPage() throws Exception {
        for (ProblemType type : ProblemType.values()) {
            HttpResponse<Buffer> page = get("/problems/" + type.slug());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.bodyAsString()).contains(type.uri());
        }
        assertProblem(get("/problems/none-such"), 404, "not_found");
    }

    @Test
    void contractAndHandlersMustMatch() {
        assertThatThrownBy(() -> handlers(Routes.of(contract)).mount(vertx, Router.router(vertx)))
                .hasMessageContaining("security schemes without a check [bearer]");
        assertThatThrownBy(() -> Routes.of(contract)
                        .security("bearer", RoutesTest::check)
                        .handler("nobody", call -> Future.succeededFuture(Reply.noContent()))
                        .mount(vertx, Router.router(vertx)))
                .hasMessageContaining("createThing")
                .hasMessageContaining("nobody");
    }

    @Test
    void requestIdsOfTheCallerAreEchoedUnlessTheyCouldBeIdentifiers() throws Exception {
        assertThat(idFor("X-Request-Id", "trace-me-1234")).isEqualTo("trace-me-1234");
        assertThat(idFor("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(idFor("X-Request-Id", "8933010000000000001")).hasSize(32);
        assertThat(idFor("traceparent", "00-89049032000000000000000000000042-00f067aa0ba902b7-01"))
                .isNotEqualTo("89049032000000000000000000000042");
        assertThat(idFor("X-Request-Id", "a b")).hasSize(32);
    }

    private static String idFor(String header, String value) throws Exception {
        return await(client.get(port, "127.0.0.1", "/problems/internal")
                        .putHeader(header, value)
                        .send())
                .getHeader("X-Request-Id");
    }

    private static void assertProblem(HttpResponse<Buffer> response, int status, String code) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("traceId")).isEqualTo(response.getHeader("X-Request-Id"));
    }

    private static List<String> pointers(HttpResponse<Buffer> response) {
        JsonArray errors = response.bodyAsJsonObject().getJsonArray("errors");
        return errors.stream()
                .map(error -> ((JsonObject) error).getString("pointer"))
                .toList();
    }

    private static HttpResponse<Buffer> get(String path) throws Exception {
        return await(client.get(port, "127.0.0.1", path)
                .putHeader("Authorization", TOKEN)
                .send());
    }

    private static HttpResponse<Buffer> post(String path, String type, String body) throws Exception {
        return await(request(HttpMethod.POST, path, type).sendBuffer(Buffer.buffer(body)));
    }

    private static HttpRequest<Buffer> request(HttpMethod method, String path, String type) {
        return client.request(method, port, "127.0.0.1", path)
                .putHeader("Authorization", TOKEN)
                .putHeader("Content-Type", type);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
