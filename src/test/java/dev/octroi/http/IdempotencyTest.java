package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.Sealer;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyTest {

    private static final String BODY = "{\"name\":\"secret-n\",\"size\":2}";
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));

    private static Vertx vertx;
    private static DatabaseConfig config;
    private static Database database;
    private static Idempotency idempotency;
    private static WebClient client;
    private static int port;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        vertx = RequestContext.newVertx(new VertxOptions());
        config = TestDatabase.create();
        TestDatabase.execute(
                config,
                "CREATE TABLE thing (id int GENERATED ALWAYS AS IDENTITY, name text)",
                "GRANT SELECT, INSERT ON thing TO octroi_app");
        database = new Database(vertx, config, 8, 5_000);
        Sealer sealer = new Sealer(Keyring.open(folder, new SecureRandom()), new SecureRandom(), NOW::get);
        idempotency = new Idempotency(sealer, NOW::get);
        Contract contract = await(Contract.load(vertx, "sample"));
        Router router = Router.router(vertx);
        ProblemHandler.install(router);
        OperationHandler none = call -> Future.succeededFuture(Reply.noContent());
        Routes.of(contract)
                .security("bearer", (ctx, scopes) -> Future.succeededFuture())
                .handler("createThing", IdempotencyTest::create)
                .handler("getThing", none)
                .handler("patchThings", none)
                .handler("token", none)
                .handler("batch", none)
                .mount(vertx, router);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        port = server.actualPort();
        client = WebClient.create(vertx);
    }

    @AfterAll
    static void stopServer() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private static Future<Reply> create(ApiCall call) {
        String clientId = call.header("X-Client").orElse("client-a");
        IdempotencyKey key = IdempotencyKey.of(call, 1, clientId);
        String name = call.body().getString("name");
        return database.inTenant(1, connection -> idempotency.run(connection, key, c -> effect(c, name)));
    }

    private static Future<Reply> effect(SqlConnection connection, String name) {
        return connection
                .preparedQuery("INSERT INTO thing (name) VALUES ($1) RETURNING id")
                .execute(Tuple.of(name))
                .compose(rows -> pause().map(rows.iterator().next().getInteger("id")))
                .compose(id -> switch (name) {
                    case "refused" ->
                        Future.failedFuture(
                                Problem.of(ProblemType.UNPROCESSABLE).toException());
                    case "clash" ->
                        connection
                                .query("INSERT INTO thing (id) OVERRIDING SYSTEM VALUE VALUES (NULL)")
                                .execute()
                                .transform(failed -> Future.failedFuture(
                                        Problem.of(ProblemType.CONFLICT).toException()));
                    case "broken" -> Future.failedFuture(new IllegalStateException("broken"));
                    default ->
                        Future.succeededFuture(Reply.created(
                                "/things/" + id,
                                new JsonObject().put("id", "thing_" + id).put("name", name)));
                });
    }

    private static Future<Void> pause() {
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(20, fired -> promise.complete());
        return promise.future();
    }

    @Test
    void secondRequestWithTheSameKeyRepeatsTheFirstAnswer() throws Exception {
        HttpResponse<Buffer> first = send("\"key-1\"", BODY);
        HttpResponse<Buffer> second = send("key-1", "{\"size\":2,\"name\":\"secret-n\"}");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.getHeader("Idempotency-Replayed")).isNull();
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.bodyAsString()).isEqualTo(first.bodyAsString());
        assertThat(second.getHeader("Location")).isEqualTo(first.getHeader("Location"));
    }

    @Test
    void fiftyParallelClientsWithOneKeyMakeOneThing() throws Exception {
        int before = things();
        List<Future<HttpResponse<Buffer>>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(request("parallel").sendBuffer(Buffer.buffer(BODY)));
        }
        List<HttpResponse<Buffer>> answers = await(Future.all(all).map(done -> done.<HttpResponse<Buffer>>list()));
        assertThat(things()).isEqualTo(before + 1);
        assertThat(answers).allMatch(answer -> answer.statusCode() == 201 || answer.statusCode() == 409);
        assertThat(answers.stream()
                        .filter(answer ->
                                answer.statusCode() == 201 && answer.getHeader("Idempotency-Replayed") == null))
                .hasSize(1);
        assertThat(send("parallel", BODY).getHeader("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void sameKeyWithAnotherPayloadIsRefused() throws Exception {
        send("key-2", BODY);
        HttpResponse<Buffer> other = send("key-2", "{\"name\":\"b\",\"size\":2}");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.bodyAsJsonObject().getString("code")).isEqualTo("idempotency_key_reused");
    }

    @Test
    void keyBelongsToItsClient() throws Exception {
        int before = things();
        send("key-3", BODY);
        await(request("key-3").putHeader("X-Client", "client-b").sendBuffer(Buffer.buffer(BODY)));
        assertThat(things()).isEqualTo(before + 2);
    }

    @Test
    void missingOrOddKeyIsABadRequest() throws Exception {
        HttpResponse<Buffer> none = await(client.post(port, "127.0.0.1", "/sample/v1/things")
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(BODY)));
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.bodyAsJsonObject().getString("code")).isEqualTo("idempotency_key_missing");
        assertThat(send("\"\"", BODY).statusCode()).isEqualTo(400);
        assertThat(send("k".repeat(129), BODY).statusCode()).isEqualTo(400);
    }

    @Test
    void refusalIsUndoneAndRepeatedButAFaultIsTriedAgain() throws Exception {
        int before = things();
        HttpResponse<Buffer> refused = send("key-4", "{\"name\":\"refused\",\"size\":2}");
        HttpResponse<Buffer> again = send("key-4", "{\"name\":\"refused\",\"size\":2}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(again.statusCode()).isEqualTo(422);
        assertThat(again.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(send("key-5", "{\"name\":\"broken\",\"size\":2}").statusCode())
                .isEqualTo(500);
        assertThat(send("key-5", "{\"name\":\"broken\",\"size\":2}").getHeader("Idempotency-Replayed"))
                .isNull();
        assertThat(things()).isEqualTo(before);
    }

    @Test
    void refusalThatStemsFromAFailedStatementIsAnsweredToo() throws Exception {
        int before = things();
        assertThat(send("key-7", "{\"name\":\"clash\",\"size\":2}").statusCode())
                .isEqualTo(409);
        assertThat(things()).isEqualTo(before);
    }

    @Test
    void answersAreSealedAndForgottenAfterTwoDays() throws Exception {
        send("key-6", BODY);
        send("key-never-again", BODY);
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT response FROM idempotency_key")) {
            int kept = 0;
            while (rows.next()) {
                assertThat(new String(rows.getBytes(1), StandardCharsets.ISO_8859_1))
                        .doesNotContain("secret-n");
                kept++;
            }
            assertThat(kept).isPositive();
        }
        NOW.updateAndGet(now -> now.plus(Duration.ofDays(2)));
        int before = things();
        assertThat(send("key-6", BODY).getHeader("Idempotency-Replayed")).isNull();
        assertThat(things()).isEqualTo(before + 1);
        assertThat(await(idempotency.purge(database)))
                .as("those of others that are as old")
                .isPositive();
        assertThat(send("key-6", BODY).getHeader("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void oneRoundRemovesAllThatHasExpired() throws Exception {
        TestDatabase.execute(config, """
                INSERT INTO idempotency_key
                  (tenant_id, scope_hash, fingerprint, status, response, created_at, expires_at)
                SELECT 1, sha256(n::text::bytea), sha256(''::bytea), 200, ''::bytea, '2026-01-01', '2026-01-03'
                FROM generate_series(1, 30000) AS n
                """);
        assertThat(await(idempotency.purge(database))).isGreaterThanOrEqualTo(30_000);
        assertThat(await(idempotency.purge(database))).isZero();
    }

    private static int things() throws SQLException {
        try (Connection connection = TestDatabase.connect(config);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM thing")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static HttpRequest<Buffer> request(String key) {
        return client.post(port, "127.0.0.1", "/sample/v1/things")
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", key);
    }

    private static HttpResponse<Buffer> send(String key, String body) throws Exception {
        return await(request(key).sendBuffer(Buffer.buffer(body)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
