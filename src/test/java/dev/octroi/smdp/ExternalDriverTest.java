package dev.octroi.smdp;

import static dev.octroi.api.operator.Es2Server.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.pki.ClientTls;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TlsMaterial;
import dev.octroi.pki.TrustDomain;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.order.OperatorOrders.Confirmation;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another SM-DP+ through ES2+ over mutual TLS; and what is made of one that does not answer as it should. */
class ExternalDriverTest extends SmDpPlusContract {
    private static final Iccid ICCID = Iccid.ofText("8933990000000000017");

    private final List<JsonObject> got = new CopyOnWriteArrayList<>();

    @Override
    SmDpPlus driver() throws Exception {
        return driver(server.url(), 5_000);
    }

    private SmDpPlus driver(URI url, long timeoutMs) throws Exception {
        TlsFiles own = server.client("companion");
        ClientTls tls = ClientTls.server(
                () -> TlsMaterial.read(own, Clock.systemUTC()),
                Optional.of(server.pki.domain(TrustDomain.OPERATOR).rootFile()));
        return new ExternalDriver(new Es2Client(server.vertx, tls.options(), url, REQUESTER, timeoutMs));
    }

    @Test
    void callWithoutAnswerIsSentAgainUnderTheSameIdentifier() throws Exception {
        SmDpPlus smdp = scripted((request, body) -> {
            if (got.size() < 3) {
                request.connection().close();
            } else {
                answer(request, success().put("iccid", ICCID.digits()));
            }
        });
        Outcome<Iccid> outcome = await(smdp.downloadOrder(call("c-1"), null, null, "gold"));
        assertThat(outcome).isEqualTo(Outcome.done(ICCID));
        assertThat(got).hasSize(3);
        assertThat(got).allSatisfy(body -> {
            assertThat(body.getJsonObject("header").getString("functionCallIdentifier"))
                    .isEqualTo("c-1");
            assertThat(body.getJsonObject("header").getString("functionRequesterIdentifier"))
                    .isEqualTo(REQUESTER);
        });
    }

    @Test
    void confirmationThatWasLostCountsAsDoneWhenTheServerHasIt() throws Exception {
        SmDpPlus smdp = scripted((request, body) -> {
            if (got.size() == 1) {
                request.connection().close();
            } else {
                answer(request, failure("8.2.1", "1.2"));
            }
        });
        Outcome<SmDpPlus.ConfirmedOrder> outcome =
                await(smdp.confirmOrder(call("c-2"), ICCID, new Confirmation(null, "OURS", null, null, true)));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        done -> assertThat(((SmDpPlus.ConfirmedOrder) done.value())
                                        .matchingId()
                                        .reveal())
                                .isEqualTo("OURS"));
    }

    @Test
    void refusalOfTheFirstSendingIsARefusal() throws Exception {
        SmDpPlus smdp = scripted((request, body) -> answer(request, failure("8.2.1", "1.2")));
        assertThat(await(smdp.confirmOrder(call("c-3"), ICCID, new Confirmation(null, "OURS", null, null, true))))
                .isInstanceOf(Outcome.Failed.class);
        assertThat(got).hasSize(1);
    }

    /** Some write what they do not have as an empty text, and capital letters as small ones. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ours"})
    void emptyTextsAreNoneAndTheMatchingIdStaysAsItWasGiven(String matchingId) throws Exception {
        SmDpPlus smdp = scripted((request, body) -> answer(
                request,
                success().put("matchingId", matchingId).put("smdpAddress", "").put("eid", "")));
        Outcome<SmDpPlus.ConfirmedOrder> outcome =
                await(smdp.confirmOrder(call("c-6"), ICCID, new Confirmation(null, "OURS", null, null, true)));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Done.class, done -> {
            SmDpPlus.ConfirmedOrder confirmed = (SmDpPlus.ConfirmedOrder) done.value();
            assertThat(confirmed.matchingId().reveal()).isEqualTo("OURS");
            assertThat(confirmed.smdpAddress()).isEmpty();
        });
    }

    @Test
    void orderWithoutMatchingIdIsNoneAndIsNotMadeAgain() throws Exception {
        SmDpPlus smdp = scripted((request, body) -> answer(request, success().put("matchingId", "")));
        Outcome<SmDpPlus.ConfirmedOrder> outcome =
                await(smdp.confirmOrder(call("c-7"), ICCID, new Confirmation(null, null, null, null, true)));
        assertThat(refusal(outcome).toString()).isEqualTo("8.8/4.2");
    }

    @Test
    void refusalQuotesNoNumberAndNoControlCharacter() throws Exception {
        SmDpPlus smdp = scripted((request, body) -> {
            JsonObject refused = failure("8.2.1", "3.9");
            refused.getJsonObject("header")
                    .getJsonObject("functionExecutionStatus")
                    .getJsonObject("statusCodeData")
                    .put("message", "ICCID " + ICCID.digits() + " not\u0000available");
            answer(request, refused);
        });
        Outcome<Iccid> outcome = await(smdp.releaseProfile(call("c-8"), ICCID));
        assertThat(refusal(outcome).message()).isEqualTo("ICCID … not available");
    }

    /** The server is silent on as many calls as there are connections, and then answers. */
    @Test
    void callsThatAreNeverAnsweredGiveTheirConnectionsBack() throws Exception {
        SmDpPlus smdp = impatient((request, body) -> {
            if (got.size() > 8) {
                answer(request, success());
            }
        });
        boolean served = false;
        for (int round = 0; round < 8 && !served; round++) {
            List<Future<Outcome<Iccid>>> calls = List.of(
                    smdp.releaseProfile(call("c-10-" + round), ICCID),
                    smdp.releaseProfile(call("c-11-" + round), ICCID),
                    smdp.releaseProfile(call("c-12-" + round), ICCID));
            await(Future.join(calls).otherwiseEmpty());
            served = calls.stream().anyMatch(Future::succeeded);
        }
        assertThat(served).isTrue();
    }

    @Test
    void answerWithoutEndIsReadUpToItsBound() throws Exception {
        SmDpPlus smdp =
                scripted((request, body) -> request.response().setChunked(true).write("x".repeat(100_000)));
        assertThatThrownBy(() -> await(smdp.releaseProfile(call("c-14"), ICCID)))
                .isInstanceOf(Es2Client.UnansweredException.class)
                .hasMessageContaining("too long");
    }

    private static GsmaStatus refusal(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).status();
    }

    @Test
    void serverThatSaysNothingUsefulLeavesTheOutcomeOpen() throws Exception {
        List<BiConsumer<HttpServerRequest, JsonObject>> answers = List.of(
                (request, body) -> request.response().setStatusCode(503).end(),
                (request, body) -> request.response().end("<html>"),
                (request, body) -> answer(request, new JsonObject()),
                (request, body) -> answer(request, new JsonObject().put("header", 7)),
                (request, body) -> request.response().end("x".repeat(100_000)));
        for (BiConsumer<HttpServerRequest, JsonObject> each : answers) {
            assertUnanswered(scripted(each));
        }
        assertUnanswered(impatient((request, body) -> {
            // Never answers.
        }));
    }

    private static void assertUnanswered(SmDpPlus smdp) {
        assertThatThrownBy(() -> await(smdp.releaseProfile(call("c-4"), ICCID)))
                .isInstanceOf(Es2Client.UnansweredException.class)
                .hasMessageNotContaining(ICCID.digits());
    }

    @Test
    void serverUnderAnotherAuthorityIsNotAsked() throws Exception {
        HttpServer stranger = listen(
                server.pki.publicServer().chain().toString(),
                server.pki.publicServer().key().toString(),
                (request, body) -> answer(request, success()));
        SmDpPlus smdp = driver(URI.create("https://localhost:" + stranger.actualPort()), 2_000);
        assertThatThrownBy(() -> await(smdp.releaseProfile(call("c-5"), ICCID)))
                .isInstanceOf(Es2Client.UnansweredException.class);
        assertThat(got).isEmpty();
    }

    /** Waits long for an answer: a handshake on a busy machine is no lost call. */
    private SmDpPlus scripted(BiConsumer<HttpServerRequest, JsonObject> script) throws Exception {
        return scripted(script, 20_000);
    }

    /** For servers that never answer. */
    private SmDpPlus impatient(BiConsumer<HttpServerRequest, JsonObject> script) throws Exception {
        return scripted(script, 700);
    }

    private SmDpPlus scripted(BiConsumer<HttpServerRequest, JsonObject> script, long timeoutMs) throws Exception {
        HttpServer scripted = listen(
                server.pki.operatorServer().chain().toString(),
                server.pki.operatorServer().key().toString(),
                script);
        return driver(URI.create("https://localhost:" + scripted.actualPort() + "/"), timeoutMs);
    }

    private HttpServer listen(String chain, String key, BiConsumer<HttpServerRequest, JsonObject> script) {
        return await(server.vertx
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(
                                new PemKeyCertOptions().setCertPath(chain).setKeyPath(key)))
                .requestHandler(request -> request.body().onSuccess(body -> {
                    got.add(body.toJsonObject());
                    script.accept(request, body.toJsonObject());
                }))
                .listen());
    }

    private static OperatorCall call(String identifier) {
        return new OperatorCall(1, 0, Set.of(), identifier, "");
    }

    private static void answer(HttpServerRequest request, JsonObject body) {
        request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
    }

    private static JsonObject success() {
        return header(new JsonObject().put("status", "Executed-Success"));
    }

    private static JsonObject failure(String subject, String reason) {
        return header(new JsonObject()
                .put("status", "Failed")
                .put(
                        "statusCodeData",
                        new JsonObject().put("subjectCode", subject).put("reasonCode", reason)));
    }

    private static JsonObject header(JsonObject status) {
        return new JsonObject().put("header", new JsonObject().put("functionExecutionStatus", status));
    }
}
