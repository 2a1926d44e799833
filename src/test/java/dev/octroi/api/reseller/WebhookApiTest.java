package dev.octroi.api.reseller;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.octroi.access.Principal;
import dev.octroi.callback.CallbackFixture;
import dev.octroi.callback.Callbacks;
import dev.octroi.callback.Receiver;
import dev.octroi.http.ConnectionLimits;
import dev.octroi.http.Contract;
import dev.octroi.http.ContractOperation;
import dev.octroi.http.Cursors;
import dev.octroi.http.Front;
import dev.octroi.http.Idempotency;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Routes;
import dev.octroi.http.ServerOptions;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks and events over real HTTP, with receivers over real TLS. */
class WebhookApiTest {
    private static final int MAX_STREAMS_OF_TENANT = 50;
    private static CallbackFixture fixture;
    private static Vertx vertx;
    private static Front front;
    private static Callbacks callbacks;
    private static WebClient client;
    private static int port;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.scale = 0.001;
        vertx = RequestContext.newVertx(new VertxOptions());
        callbacks = fixture.gateway(vertx, null, null);
        callbacks.start();
        WebhookApi api = new WebhookApi(new WebhookApi.Parts(
                vertx,
                fixture.database,
                new Idempotency(fixture.sealer, CallbackFixture.CLOCK),
                new Cursors(new SecretKeySpec(new byte[32], "HmacSHA256")),
                callbacks,
                CallbackFixture.CLOCK));
        Contract contract = await(Contract.load(vertx, "reseller"));
        Map<String, OperationHandler> handlers = new HashMap<>(api.handlers());
        for (ContractOperation operation : contract.operations()) {
            handlers.putIfAbsent(
                    operation.id(),
                    call -> Future.failedFuture(
                            Problem.of(ProblemType.NOT_FOUND).toException()));
        }
        front = new Front("public", vertx, ConnectionLimits.DEFAULT, new Random(1), System::nanoTime);
        Routes.of(contract)
                .security("bearer", (ctx, scopes) -> {
                    ctx.put(
                            Principal.KEY,
                            new Principal(
                                    Integer.parseInt(ctx.request().getHeader("Tenant")),
                                    "shop",
                                    Set.copyOf(scopes),
                                    "jti-1",
                                    Set.of(),
                                    OptionalLong.empty(),
                                    Instant.now().plusSeconds(600)));
                    return Future.succeededFuture();
                })
                .handlers(handlers)
                .mount(vertx, front.router());
        port = await(front.server(ServerOptions.http1("127.0.0.1", 0)).listen()).actualPort();
        client = WebClient.create(
                vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    }

    @AfterAll
    static void close() throws Exception {
        await(callbacks.stop());
        await(vertx.close());
        fixture.close();
    }

    @Test
    void registeredEndpointGetsWhatThePublicLibraryVerifies() throws Exception {
        Receiver receiver = echoing();
        JsonObject webhook = register(receiver, new JsonObject().put("events", List.of("webhook.test")))
                .bodyAsJsonObject();
        String path = "/v1/webhooks/" + webhook.getString("id");

        HttpResponse<Buffer> test = send(3, HttpMethod.POST, path + "/test", null, "t1");
        assertThat(test.statusCode()).isEqualTo(202);
        Receiver.Got got = received(receiver, "webhook.test");
        assertThat(got.id()).isEqualTo(test.bodyAsJsonObject().getString("eventId"));
        new Webhook(webhook.getString("secret")).verify(got.text(), headers(got));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(deliveries(path).getString("state")).isEqualTo("delivered"));
        HttpResponse<Buffer> replay =
                send(3, HttpMethod.POST, path + "/deliveries/" + got.id() + "/replay", null, "t2");
        assertThat(replay.statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> receiver.got().stream()
                                .filter(each -> got.id().equals(each.id()))
                                .count()
                        == 2);
        HttpResponse<Buffer> again = send(3, HttpMethod.POST, path + "/deliveries/" + got.id() + "/replay", null, "t2");
        assertThat(again.getHeader("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void webhookFeedAndStreamCarryAnEventUnderTheSameId() throws Exception {
        Receiver receiver = echoing();
        register(receiver, new JsonObject().put("events", List.of("zone.entered")));
        long subscription = fixture.ids.next();
        String path = "/v1/events?subscriptionId=" + dev.octroi.db.PublicId.SUBSCRIPTION.format(subscription);
        HttpClient http = vertx.createHttpClient();
        StringBuffer text = new StringBuffer();
        http.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(path)
                        .putHeader("Accept", "text/event-stream")
                        .putHeader("Tenant", "3"))
                // On the loop that reads, or the first words are gone before anybody listens.
                .compose(request ->
                        request.send().onSuccess(response -> response.handler(part -> text.append(part.toString()))));
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("retry: 3000"));
        fixture.raise(subscription, "zone.entered", new JsonObject().put("name", "Paris"));
        callbacks.nudge();
        String id = received(receiver, "zone.entered").id();
        assertThat(id).startsWith("evt_");
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("id: " + id));
        JsonObject page = send(3, HttpMethod.GET, path, null, null).bodyAsJsonObject();
        assertThat(page.getJsonArray("items").getJsonObject(0).getString("id")).isEqualTo(id);
        await(http.close());
    }

    @Test
    void anEndpointCannotWaitForEventsThatThereAreNot() throws Exception {
        Receiver receiver = echoing();
        HttpResponse<Buffer> answer =
                tryToRegister(receiver, new JsonObject().put("events", List.of("usage.treshold_reached")));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.bodyAsJsonObject().getString("detail")).contains("usage.threshold_reached");
        assertThat(receiver.got()).isEmpty();
    }

    /** Both see 49 before the challenge; the second one to be stored is one too many. */
    @Test
    void thereAreNeverMoreEndpointsThanMayBeAlsoWhenTheyAreRegisteredAtOnce() throws Exception {
        Receiver receiver = echoing();
        // The first handshake may take longer than a challenge has.
        register(receiver, new JsonObject());
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, description, event_types, signature,"
                        + " secret_sealed, created_at, state) SELECT 8, i, 0, 'https://x.example/', '', '{}', 'v1', 'x',"
                        + " now(), 'disabled' FROM generate_series(1, 49) i");
        Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
        AtomicInteger challenged = new AtomicInteger();
        receiver.answers((request, got) -> {
            String echo = new JsonObject()
                    .put("challenge", got.data().getString("challenge"))
                    .encode();
            answers.add(() -> request.response().end(echo));
            if (challenged.incrementAndGet() == 2) {
                answers.forEach(Runnable::run);
            }
        });
        JsonObject body = new JsonObject().put("url", receiver.url().toString());
        List<Future<HttpResponse<Buffer>>> sent = List.of(registering(8, body), registering(8, body));
        List<String> outcomes = List.of(outcome(sent.get(0)), outcome(sent.get(1)));
        assertThat(outcomes).containsExactlyInAnyOrder("201 null", "422 too_many_webhooks");
        assertThat(fixture.count("SELECT count(*)::int FROM webhook_endpoint WHERE tenant_id = 8"))
                .isEqualTo(50);
    }

    private static String outcome(Future<HttpResponse<Buffer>> sent) throws Exception {
        HttpResponse<Buffer> answer = await(sent);
        return answer.statusCode() + " " + answer.bodyAsJsonObject().getString("code");
    }

    private static Future<HttpResponse<Buffer>> registering(int tenant, JsonObject body) {
        return client.request(HttpMethod.POST, "/v1/webhooks")
                .putHeader("Tenant", Integer.toString(tenant))
                .putHeader("Idempotency-Key", UUID.randomUUID().toString())
                .sendJsonObject(body);
    }

    @Test
    void secretIsShownOnceAndNeverAgain() throws Exception {
        Receiver receiver = echoing();
        JsonObject body = new JsonObject().put("url", receiver.url().toString());
        AtomicInteger tries = new AtomicInteger();
        // A first handshake may take longer than the challenge has.
        HttpResponse<Buffer> first = await().until(
                        () -> send(3, HttpMethod.POST, "/v1/webhooks", body, "same" + tries.incrementAndGet()),
                        answer -> answer.statusCode() == 201);
        HttpResponse<Buffer> second = send(3, HttpMethod.POST, "/v1/webhooks", body, "same" + tries.get());
        assertThat(first.bodyAsJsonObject().getString("secret")).startsWith("whsec_");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.bodyAsJsonObject().getString("id"))
                .isEqualTo(first.bodyAsJsonObject().getString("id"));
        assertThat(second.bodyAsString()).doesNotContain("whsec_");
        String path = "/v1/webhooks/" + first.bodyAsJsonObject().getString("id");
        assertThat(send(3, HttpMethod.GET, path, null, null).bodyAsString()).doesNotContain("whsec_");
        assertThat(send(4, HttpMethod.GET, path, null, null).statusCode()).isEqualTo(404);
        assertThat(send(4, HttpMethod.DELETE, path, null, null).statusCode()).isEqualTo(404);
        assertThat(send(3, HttpMethod.DELETE, path, null, null).statusCode()).isEqualTo(204);
        assertThat(send(3, HttpMethod.GET, path, null, null).statusCode()).isEqualTo(404);
        String id = first.bodyAsJsonObject().getString("id");
        assertThat(TestDatabase.rows(
                        fixture.config,
                        "SELECT action || ' by ' || (entry::jsonb ->> 'actor') FROM audit WHERE object_id = '" + id
                                + "' ORDER BY seq"))
                .containsExactly("webhook.created by shop", "webhook.deleted by shop");
    }

    @Test
    void duringARotationBothSecretsVerifyEachMessageAndAfterItOnlyTheNewOne() throws Exception {
        Receiver receiver = echoing();
        JsonObject first = register(receiver, new JsonObject()).bodyAsJsonObject();
        String path = "/v1/webhooks/" + first.getString("id");
        HttpResponse<Buffer> answer = send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "r1");
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        JsonObject second = answer.bodyAsJsonObject();
        assertThat(second.getString("secret")).startsWith("whsec_").isNotEqualTo(first.getString("secret"));
        assertThat(Instant.parse(second.getString("previousSecretUntil")))
                .isAfter(CallbackFixture.CLOCK.instant().plusSeconds(86_000));

        Receiver.Got both = tested(receiver, path, "rt1");
        new Webhook(first.getString("secret")).verify(both.text(), headers(both));
        new Webhook(second.getString("secret")).verify(both.text(), headers(both));

        HttpResponse<Buffer> third =
                send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject().put("overlapSeconds", 0), "r2");
        assertThat(third.statusCode()).isEqualTo(200);
        Receiver.Got one = tested(receiver, path, "rt2");
        new Webhook(third.bodyAsJsonObject().getString("secret")).verify(one.text(), headers(one));
        for (JsonObject replaced : List.of(first, second)) {
            Webhook old = new Webhook(replaced.getString("secret"));
            assertThatThrownBy(() -> old.verify(one.text(), headers(one)))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void aRotationThatIsSentAgainIsDoneOnceAndShowsNoSecret() throws Exception {
        String path = "/v1/webhooks/"
                + register(echoing(), new JsonObject()).bodyAsJsonObject().getString("id");
        HttpResponse<Buffer> first = send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "once");
        HttpResponse<Buffer> again = send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "once");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.bodyAsString()).doesNotContain("whsec_");
        assertThat(again.bodyAsJsonObject().getString("previousSecretUntil"))
                .isEqualTo(first.bodyAsJsonObject().getString("previousSecretUntil"));
        HttpResponse<Buffer> other = send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "other");
        assertThat(other.statusCode()).as("the oldest secret would go unseen").isEqualTo(409);
        assertThat(other.bodyAsJsonObject().getString("code")).isEqualTo("rotation_under_way");
    }

    @Test
    void whatHasNoSecretOrIsAnothersIsNotRotated() throws Exception {
        String path = "/v1/webhooks/"
                + register(echoing(), new JsonObject().put("signature", "v1a"))
                        .bodyAsJsonObject()
                        .getString("id");
        assertThat(code(send(3, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "n1")))
                .isEqualTo("no_secret");
        assertThat(send(4, HttpMethod.POST, path + "/rotate-secret", new JsonObject(), "n2")
                        .statusCode())
                .isEqualTo(404);
        JsonObject tooLong = new JsonObject().put("overlapSeconds", 604_801);
        assertThat(send(3, HttpMethod.POST, path + "/rotate-secret", tooLong, "n3")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aDisabledEndpointIsEnabledAgainAndGetsWhatItMissedInOrderAndNothingTwice() throws Exception {
        Receiver receiver = echoing();
        String id = register(receiver, new JsonObject().put("events", List.of("zone.left")))
                .bodyAsJsonObject()
                .getString("id");
        String path = "/v1/webhooks/" + id;
        long subscription = fixture.ids.next();
        Instant since = CallbackFixture.CLOCK.instant();
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 1));
        callbacks.nudge();
        await().atMost(Duration.ofSeconds(20)).until(() -> numbers(receiver).equals(List.of(1)));

        receiver.answers((request, got) -> request.response().setStatusCode(410).end());
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 2));
        callbacks.nudge();
        await().atMost(Duration.ofSeconds(20)).until(() -> status(path).equals("disabled"));
        assertThat(send(3, HttpMethod.GET, path, null, null).bodyAsJsonObject().getString("disabledReason"))
                .contains("410");
        JsonArray givenUp = send(3, HttpMethod.GET, path + "/deliveries?state=dead", null, null)
                .bodyAsJsonObject()
                .getJsonArray("items");
        assertThat(givenUp).hasSize(1);
        assertThat(givenUp.getJsonObject(0).getString("lastError")).isNotBlank();
        assertThat(givenUp.getJsonObject(0).getInteger("lastStatus")).isEqualTo(410);
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 3));
        fixture.raise(subscription, "zone.entered", new JsonObject().put("n", 4));
        receiver.answers((request, got) -> request.response().setStatusCode(204).end());

        JsonObject wish = new JsonObject().put("since", since.toString());
        HttpResponse<Buffer> enabled = send(3, HttpMethod.POST, path + "/enable", wish, "e1-" + id);
        assertThat(enabled.statusCode()).as(enabled.bodyAsString()).isEqualTo(200);
        assertThat(enabled.bodyAsJsonObject().getJsonObject("webhook").getString("status"))
                .isEqualTo("active");
        assertThat(enabled.bodyAsJsonObject().getInteger("queued"))
                .as("what was given up and what was not even tried, not what was delivered or not asked for")
                .isEqualTo(2);
        assertThat(enabled.bodyAsJsonObject().getBoolean("more")).isFalse();
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 5));
        callbacks.nudge();
        await().atMost(Duration.ofSeconds(20)).until(() -> numbers(receiver).equals(List.of(1, 2, 2, 3, 5)));
        assertThat(deliveries(path).getString("state")).isIn("delivered", "pending");

        HttpResponse<Buffer> again = send(3, HttpMethod.POST, path + "/enable", wish, "e2-" + id);
        assertThat(again.bodyAsJsonObject().getInteger("queued")).isZero();
        assertThat(fixture.count("SELECT count(*)::int FROM audit WHERE action = 'webhook.enabled' AND object_id = '"
                        + id + "'"))
                .isEqualTo(2);
    }

    @Test
    void withoutAMomentAnEndpointComesBackAndWhatItMissedStaysMissed() throws Exception {
        Receiver receiver = echoing();
        String path = "/v1/webhooks/"
                + register(receiver, new JsonObject().put("events", List.of("zone.left")))
                        .bodyAsJsonObject()
                        .getString("id");
        receiver.answers((request, got) -> request.response().setStatusCode(410).end());
        long subscription = fixture.ids.next();
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 1));
        callbacks.nudge();
        await().atMost(Duration.ofSeconds(20)).until(() -> status(path).equals("disabled"));
        receiver.answers((request, got) -> request.response().setStatusCode(204).end());
        HttpResponse<Buffer> enabled = send(
                3,
                HttpMethod.POST,
                path + "/enable",
                new JsonObject(),
                UUID.randomUUID().toString());
        assertThat(enabled.bodyAsJsonObject().getInteger("queued")).isZero();
        fixture.raise(subscription, "zone.left", new JsonObject().put("n", 2));
        callbacks.nudge();
        await().atMost(Duration.ofSeconds(20)).until(() -> numbers(receiver).equals(List.of(1, 2)));
    }

    @Test
    void anEndpointOfAnotherOrAMomentLongAgoIsNotEnabled() throws Exception {
        String path = "/v1/webhooks/"
                + register(echoing(), new JsonObject()).bodyAsJsonObject().getString("id");
        assertThat(send(4, HttpMethod.POST, path + "/enable", new JsonObject(), "en1")
                        .statusCode())
                .isEqualTo(404);
        JsonObject longAgo = new JsonObject()
                .put(
                        "since",
                        CallbackFixture.CLOCK
                                .instant()
                                .minus(Duration.ofDays(31))
                                .toString());
        assertThat(code(send(3, HttpMethod.POST, path + "/enable", longAgo, "en2")))
                .isEqualTo("since_out_of_range");
    }

    private static List<Integer> numbers(Receiver receiver) {
        return receiver.got().stream()
                .filter(got -> "zone.left".equals(got.body().getString("type")))
                .map(got -> got.data().getInteger("n"))
                .toList();
    }

    private static String status(String path) throws Exception {
        return send(3, HttpMethod.GET, path, null, null).bodyAsJsonObject().getString("status");
    }

    /** Has a test message sent and waits for it. */
    private static Receiver.Got tested(Receiver receiver, String path, String key) throws Exception {
        String event = send(3, HttpMethod.POST, path + "/test", null, key)
                .bodyAsJsonObject()
                .getString("eventId");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> receiver.got().stream().anyMatch(got -> event.equals(got.id())));
        return receiver.got().stream()
                .filter(got -> event.equals(got.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void addressThatDoesNotEchoOrIsPrivateIsRefused() throws Exception {
        Receiver silent = fixture.reseller();
        assertThat(code(tryToRegister(silent, new JsonObject()))).isEqualTo("challenge_failed");
        JsonObject inside = new JsonObject().put("url", "https://169.254.169.254/latest/meta-data");
        assertThat(code(send(3, HttpMethod.POST, "/v1/webhooks", inside, "x1"))).isEqualTo("address_refused");
        JsonObject plain = new JsonObject().put("url", "http://example.com/");
        assertThat(send(3, HttpMethod.POST, "/v1/webhooks", plain, "x2").statusCode())
                .as("the contract says https")
                .isEqualTo(400);
    }

    @Test
    void aSubscriptionThatCannotBeHasNoEvents() throws Exception {
        long subscription = fixture.ids.next();
        fixture.raise(subscription, "zone.entered", new JsonObject());
        shown("subscriptionId=" + dev.octroi.db.PublicId.SUBSCRIPTION.format(subscription), 1);
        shown("subscriptionId=sub_ZZZZZZZZZZZZZ", 0);
    }

    @Test
    void feedGivesEveryEventOnceAcrossPages() throws Exception {
        long subscription = fixture.ids.next();
        for (int i = 0; i < 5; i++) {
            fixture.raise(subscription, "usage.threshold_reached", new JsonObject().put("n", i));
        }
        String filter = "subscriptionId=" + dev.octroi.db.PublicId.SUBSCRIPTION.format(subscription);
        shown(filter, 5);
        Set<String> ids = new HashSet<>();
        String after = "";
        for (int page = 0; page < 3; page++) {
            JsonObject answer = send(3, HttpMethod.GET, "/v1/events?limit=2&" + filter + after, null, null)
                    .bodyAsJsonObject();
            answer.getJsonArray("items").forEach(item -> ids.add(((JsonObject) item).getString("id")));
            after = "&after=" + answer.getString("next");
        }
        assertThat(ids).hasSize(5);
        JsonObject last = send(3, HttpMethod.GET, "/v1/events?limit=2&" + filter + after, null, null)
                .bodyAsJsonObject();
        assertThat(last.getJsonArray("items")).isEmpty();
        assertThat("&after=" + last.getString("next")).isEqualTo(after);
        assertThat(send(4, HttpMethod.GET, "/v1/events?limit=2" + after, null, null)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void streamBringsEventsAsTheyHappenWithTheirIds() throws Exception {
        long subscription = fixture.ids.next();
        String filter = "subscriptionId=" + dev.octroi.db.PublicId.SUBSCRIPTION.format(subscription);
        fixture.raise(subscription, "policy.decided", new JsonObject().put("n", 1));
        shown(filter, 1);
        HttpClient http = vertx.createHttpClient();
        StringBuffer text = new StringBuffer();
        http.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/v1/events?" + filter)
                        .putHeader("Accept", "text/event-stream")
                        .putHeader("Tenant", "3"))
                // On the loop that reads, or the first words are gone before anybody listens.
                .compose(request ->
                        request.send().onSuccess(response -> response.handler(part -> text.append(part.toString()))));
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("retry: 3000"));
        fixture.raise(subscription, "policy.applied", new JsonObject().put("n", 2));
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("event: policy.applied"));
        assertThat(text.toString()).contains("id: evt_").doesNotContain("policy.decided");
        await(http.close());
    }

    @Test
    void streamDoesNotTakeAMalformedPositionForNone() throws Exception {
        assertThat(refusalOf("42")).contains("Last-Event-ID");
    }

    /** A client that is answered 200 would come back with the same position for ever, or go on without what it missed. */
    @Test
    void streamDoesNotTakeAPositionThatIsNotKeptForOne() throws Exception {
        String neverWas = dev.octroi.db.PublicId.EVENT.format(fixture.ids.next());
        for (String position : List.of(neverWas, "evt_ZZZZZZZZZZZZZ")) {
            assertThat(refusalOf(position)).as(position).contains("invalid_cursor");
        }
    }

    @Test
    void feedBeginsAtAMomentForWhoHasNoCursor() throws Exception {
        long subscription = fixture.ids.next();
        fixture.raise(subscription, "policy.decided", new JsonObject().put("n", 1));
        String filter = "subscriptionId=" + dev.octroi.db.PublicId.SUBSCRIPTION.format(subscription);
        shown(filter, 1);
        String before = Instant.now().minusSeconds(3_600).toString();
        String ahead = Instant.now().plusSeconds(3_600).toString();
        JsonObject page = send(3, HttpMethod.GET, "/v1/events?" + filter + "&since=" + before, null, null)
                .bodyAsJsonObject();
        assertThat(page.getJsonArray("items")).hasSize(1);
        JsonObject next = send(
                        3,
                        HttpMethod.GET,
                        "/v1/events?" + filter + "&since=" + before + "&after=" + page.getString("next"),
                        null,
                        null)
                .bodyAsJsonObject();
        assertThat(next.getJsonArray("items")).as("it goes on by its cursor").isEmpty();
        JsonObject none = send(3, HttpMethod.GET, "/v1/events?" + filter + "&since=" + ahead, null, null)
                .bodyAsJsonObject();
        assertThat(none.getJsonArray("items")).isEmpty();
        assertThat(none.getString("next")).isNull();
    }

    private static String refusalOf(String position) throws Exception {
        HttpClient http = vertx.createHttpClient();
        Buffer refusal = await(http.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/v1/events")
                        .putHeader("Accept", "text/event-stream")
                        .putHeader("Last-Event-ID", position)
                        .putHeader("Tenant", "3"))
                // Within one another: a body that nobody waits for yet is gone.
                .compose(request -> request.send()
                        .expecting(response -> response.statusCode() == 400)
                        .compose(HttpClientResponse::body)));
        await(http.close());
        return refusal.toString();
    }

    /** The feed holds an event back as long as a transaction that began before it is open anywhere on the server. */
    private static void shown(String filter, int events) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(send(3, HttpMethod.GET, "/v1/events?limit=100&" + filter, null, null)
                                .bodyAsJsonObject()
                                .getJsonArray("items"))
                        .hasSize(events));
    }

    @Test
    void streamsThatWaitForTheirBeginningCountAndThoseWhoseClientsHaveGoneDoNot() throws Exception {
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_STREAMS_OF_TENANT + 5));
        AtomicInteger refused = new AtomicInteger();
        int before = front.openConnections();
        try (Connection slow = TestDatabase.connect(fixture.config);
                Statement held = slow.createStatement()) {
            slow.setAutoCommit(false);
            held.execute("LOCK TABLE event");
            for (int i = 0; i < MAX_STREAMS_OF_TENANT + 5; i++) {
                begun(http, "7").onSuccess(answer -> refused.addAndGet(answer.statusCode() == 503 ? 1 : 0));
            }
            await().until(() -> refused.get() == 5);
            await(http.close());
            await("the server sees that they have gone").until(() -> front.openConnections() <= before);
            slow.rollback();
        }
        HttpClient later = vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_STREAMS_OF_TENANT));
        for (int i = 0; i < MAX_STREAMS_OF_TENANT; i++) {
            await("stream " + i).until(() -> stream(later, "7").statusCode() == 200);
        }
        await(later.close());
    }

    @Test
    void oneTenantDoesNotTakeTheStreamsOfAll() throws Exception {
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_STREAMS_OF_TENANT + 5));
        for (int i = 0; i < MAX_STREAMS_OF_TENANT; i++) {
            assertThat(stream(http, "5").statusCode()).as("stream %d", i).isEqualTo(200);
        }
        assertThat(stream(http, "5").statusCode()).isEqualTo(503);
        assertThat(stream(http, "6").statusCode()).isEqualTo(200);
        await(http.close());
        HttpClient later = vertx.createHttpClient();
        await().atMost(Duration.ofSeconds(20)).until(() -> stream(later, "5").statusCode() == 200);
        await(later.close());
    }

    private static HttpClientResponse stream(HttpClient http, String tenant) throws Exception {
        return await(begun(http, tenant));
    }

    private static Future<HttpClientResponse> begun(HttpClient http, String tenant) {
        return http.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/v1/events")
                        .putHeader("Accept", "text/event-stream")
                        .putHeader("Tenant", tenant))
                .compose(HttpClientRequest::send);
    }

    private static Receiver echoing() throws Exception {
        Receiver receiver = fixture.reseller();
        receiver.answers((request, got) -> request.response()
                .end(new JsonObject()
                        .put("challenge", got.data().getString("challenge"))
                        .encode()));
        return receiver;
    }

    /** The challenge has five seconds, of which a machine with other work may take more for the first handshake. */
    private static HttpResponse<Buffer> register(Receiver receiver, JsonObject body) {
        return await().until(() -> tryToRegister(receiver, body), answer -> answer.statusCode() == 201);
    }

    private static HttpResponse<Buffer> tryToRegister(Receiver receiver, JsonObject body) throws Exception {
        return send(
                3,
                HttpMethod.POST,
                "/v1/webhooks",
                body.put("url", receiver.url().toString()),
                UUID.randomUUID().toString());
    }

    private static Receiver.Got received(Receiver receiver, String type) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> receiver.got().stream()
                        .anyMatch(got -> type.equals(got.body().getString("type"))));
        return receiver.got().stream()
                .filter(got -> type.equals(got.body().getString("type")))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject deliveries(String path) throws Exception {
        return send(3, HttpMethod.GET, path + "/deliveries", null, null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0);
    }

    private static HttpHeaders headers(Receiver.Got got) {
        Map<String, List<String>> headers = new HashMap<>();
        got.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private static String code(HttpResponse<Buffer> response) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(422);
        return response.bodyAsJsonObject().getString("code");
    }

    private static HttpResponse<Buffer> send(int tenant, HttpMethod method, String path, JsonObject body, String key)
            throws Exception {
        HttpRequest<Buffer> request = client.request(method, path).putHeader("Tenant", Integer.toString(tenant));
        if (key != null) {
            request.putHeader("Idempotency-Key", key);
        }
        return await(body == null ? request.send() : request.sendJsonObject(body));
    }
}
