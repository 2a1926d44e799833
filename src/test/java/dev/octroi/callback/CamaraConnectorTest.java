package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.api.operator.QosEventApi;
import dev.octroi.callback.CamaraApi.Assignment;
import dev.octroi.callback.CamaraApi.Fault;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.connector.QosDevice;
import dev.octroi.callback.connector.QosProfiles;
import dev.octroi.callback.connector.RadiusAddress;
import dev.octroi.callback.message.StandardSignature;
import dev.octroi.callback.reconcile.PolicyRetelling;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.cli.demo.PolicyReceiver;
import dev.octroi.db.PublicId;
import dev.octroi.http.BodyBudget;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies for a network with a CAMARA API: a real API and token endpoint over TLS, our sink over TLS, the real outbox. */
class CamaraConnectorTest {
    private static final QosProfiles PROFILES = new QosProfiles(
            List.of(
                    new QosProfiles.Speed(1_024, "QOS_1M"),
                    new QosProfiles.Speed(128, "QOS_128K"),
                    new QosProfiles.Speed(256, "QOS_256K")),
            Optional.empty(),
            Optional.of("QOS_BLOCKED"),
            Optional.empty());
    private static final JsonObject FULL = new JsonObject().put("level", 0).put("reason", "none");
    private static final JsonObject SUSPENDED = new JsonObject().put("level", 4).put("reason", "admin.suspended");

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private CamaraApi api;
    private Callbacks gateway;
    private HttpServer sink;
    private Router router;
    private WebClient operator;
    private long subscription;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.listener = CallbackFixture.keeping();
        fixture.reconciling = new ReconcilerSettings(
                Duration.ofDays(1), Duration.ofMillis(10), Duration.ofHours(1), Duration.ofMillis(10));
        subscription = fixture.ids.next();
        TlsFiles files = fixture.server(TrustDomain.PUBLIC, "camara");
        api = new CamaraApi(fixture.vertx, files);
        router = Router.router(fixture.vertx);
        sink = await(fixture.vertx
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(files.chain().toString())
                                .setKeyPath(files.key().toString())))
                .requestHandler(router)
                .listen());
        fixture.sink = "https://localhost:" + sink.actualPort() + QosEventApi.PATH;
        gateway = fixture.gateway(fixture.vertx, null, null);
        new QosEventApi(gateway.qosEvents(), new BodyBudget(1_000_000)).mount(router);
        operator = WebClient.create(
                fixture.vertx,
                new WebClientOptions()
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(fixture.root(TrustDomain.PUBLIC).toString())));
        gateway.start();
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        operator.close();
        await(sink.close());
        api.close();
        fixture.close();
    }

    @Test
    void aThrottleAsksForTheFastestProfileThatIsNotFasterAndIsInForceWhenTheEventSaysSo() throws Exception {
        register(Optional.empty());
        decide(1, throttle(384));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        Assignment asked = api.made().getFirst();
        assertThat(asked.qosProfile).isEqualTo("QOS_256K");
        assertThat(asked.device).isEqualTo("208010000000001@iot.example.com");
        assertThat(asked.request.getString("sink")).isEqualTo(fixture.sink);
        JsonObject credential = asked.request.getJsonObject("sinkCredential");
        assertThat(credential.getString("credentialType")).isEqualTo("ACCESSTOKEN");
        assertThat(credential.getString("accessTokenType")).isEqualTo("bearer");
        assertThat(Instant.parse(credential.getString("accessTokenExpiresUtc"))).isAfter(Instant.now());
        assertThat(state("confirmed_version"))
                .as("the 201 alone confirms nothing")
                .isZero();

        asked.status = "AVAILABLE";
        assertThat(send(asked, CamaraApi.event(asked, "AVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).isEqualTo(1);
        assertThat(fixture.registry
                        .get("octroi.callback.confirm")
                        .tag("stream", "network")
                        .timer()
                        .count())
                .as("measured as any other confirmation")
                .isEqualTo(1);
        assertThat(send(asked, CamaraApi.event(asked, "AVAILABLE"))).as("twice").isEqualTo(204);
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.applied'"))
                .isEqualTo(1);
    }

    @Test
    void anAssignmentThatIsAvailableAtOnceIsReadBeforeItCounts() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        decide(1, SUSPENDED);
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        assertThat(api.all())
                .singleElement()
                .satisfies(each -> assertThat(each.qosProfile).isEqualTo("QOS_BLOCKED"));
        assertThat(api.calls("GET", "/qos-assignments/")).hasSize(1);
    }

    @Test
    void withoutAnyEventAReadConfirms() throws Exception {
        register(Optional.empty());
        decide(1, throttle(128));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        api.made().getFirst().status = "AVAILABLE";
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(state("confirmed_version")).isEqualTo(1);
        });
        assertThat(api.made()).hasSize(1);
    }

    @Test
    void onlyTheTokenOfTheLastRequestCounts() throws Exception {
        register(Optional.empty());
        decide(1, throttle(128));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        Assignment first = api.made().getFirst();
        JsonObject event = CamaraApi.event(first, "AVAILABLE");
        assertThat(post(null, event)).isEqualTo(401);
        assertThat(post("Bearer nonsense", event)).isEqualTo(401);
        String token = first.token();
        char last = token.charAt(10) == 'A' ? 'B' : 'A';
        assertThat(post("Bearer " + token.substring(0, 10) + last + token.substring(11), event))
                .isEqualTo(401);
        assertThat(post("Bearer " + token, event.copy().put("specversion", "0.3")))
                .isEqualTo(400);
        assertThat(post("Bearer " + token, new JsonObject())).isEqualTo(400);
        assertThat(post("Bearer " + token, event.copy().put("type", "org.camaraproject.other.v0.thing")))
                .isEqualTo(204);
        assertThat(state("confirmed_version")).isZero();

        decide(2, throttle(1_024));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(2));
        Assignment second = api.made().getLast();
        assertThat(api.all()).containsExactly(second);
        assertThat(send(first, event)).as("late").isEqualTo(204);
        assertThat(send(first, CamaraApi.event(first, "UNAVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).isZero();
        second.status = "AVAILABLE";
        assertThat(send(second, CamaraApi.event(second, "AVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).isEqualTo(2);
    }

    @Test
    void whatTheNetworkEndsIsAskedForAgainAndALateEventDoesNotBringItBack() throws Exception {
        register(Optional.empty());
        decide(1, throttle(128));
        eventually(() -> assertThat(api.made()).hasSize(1));
        Assignment first = api.made().getFirst();
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        assertThat(send(first, CamaraApi.event(first, "AVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).isEqualTo(1);

        first.status = "UNAVAILABLE";
        assertThat(send(first, CamaraApi.event(first, "UNAVAILABLE"))).isEqualTo(204);
        assertThat(send(first, CamaraApi.event(first, "AVAILABLE")))
                .as("out of order")
                .isEqualTo(204);
        eventually(() -> assertThat(api.made()).hasSize(2));
        assertThat(state("confirmed_version")).isZero();
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                .isEqualTo(1);
        Assignment second = api.made().getLast();
        assertThat(api.all()).containsExactly(second);
        eventually(() -> {
            send(second, CamaraApi.event(second, "AVAILABLE"));
            assertThat(state("confirmed_version")).isEqualTo(1);
        });
    }

    @Test
    void anAssignmentThatTheApiStillHasAfterThePartnerWasRegisteredAnewIsMissedWhenTheNetworkEndsIt() throws Exception {
        register(Optional.empty());
        decide(1, throttle(128));
        eventually(() -> assertThat(api.made()).hasSize(1));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        Assignment first = api.made().getFirst();
        TestDatabase.execute(fixture.config, "UPDATE partner SET retell_from = '{0,0,0}'");
        await(gateway.reconcile());
        first.status = "AVAILABLE";
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(state("confirmed_version")).isEqualTo(1);
        });
        assertThat(api.made()).hasSize(1);

        first.status = "UNAVAILABLE";
        assertThat(send(first, CamaraApi.event(first, "UNAVAILABLE"))).isEqualTo(204);
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                .isEqualTo(1);
    }

    /** Out of coverage, or roaming where there is no QoS: each request is taken and ended at once. */
    @Test
    void whatTheNetworkEndsAtOnceIsAskedForLessAndLessOften() throws Exception {
        await(gateway.stop());
        fixture.scale = 1;
        gateway = fixture.gateway(fixture.vertx, null, null);
        router.clear();
        new QosEventApi(gateway.qosEvents(), new BodyBudget(1_000_000)).mount(router);
        gateway.start();
        register(Optional.empty());
        decide(1, throttle(128));
        for (int round = 1; round <= 3; round++) {
            int made = round;
            eventually(() -> {
                assertThat(api.made()).hasSize(made);
                assertThat(network("done_at")).isNotNull();
            });
            long deliveredAt = Long.parseLong(network("done_at"));
            Assignment last = api.made().getLast();
            last.status = "UNAVAILABLE";
            assertThat(send(last, CamaraApi.event(last, "UNAVAILABLE"))).isEqualTo(204);
            assertThat(Long.parseLong(network("next_at")) - deliveredAt)
                    .as("ms from the end of round %d to the next one", round)
                    .isGreaterThanOrEqualTo(500L << (round - 1));
        }
        decide(2, throttle(1_024));
        eventually(() -> assertThat(state("sent_version"))
                .as("a new policy does not wait")
                .isEqualTo(2));
    }

    @Test
    void fullSpeedDeletesTheAssignmentAndCountsWhenItIsGone() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        decide(1, throttle(128));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        api.deletesLater();
        decide(2, FULL);
        eventually(() -> assertThat(state("sent_version")).isEqualTo(2));
        Assignment only = api.made().getFirst();
        assertThat(only.deleting).isTrue();
        assertThat(state("confirmed_version")).isEqualTo(1);
        api.remove(only);
        send(only, CamaraApi.event(only, "UNAVAILABLE"));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                .isZero();
    }

    @Test
    void aRequestWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        register(Optional.empty());
        AtomicInteger posts = new AtomicInteger();
        api.faults(call ->
                call.method().equals("POST") && call.path().endsWith("/qos-assignments") && posts.incrementAndGet() == 1
                        ? Fault.LOST_ANSWER
                        : Fault.NONE);
        decide(1, throttle(128));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(1));
        eventually(
                () -> assertThat(api.calls("POST", "/retrieve-qos-assignment")).isNotEmpty());
        Assignment only = api.made().getFirst();
        eventually(() -> {
            send(only, CamaraApi.event(only, "AVAILABLE"));
            assertThat(state("confirmed_version")).isEqualTo(1);
        });
        assertThat(api.made()).hasSize(1);
    }

    @Test
    void anAssignmentThatSomebodyMadeBeforeIsReplaced() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        Assignment foreign = new Assignment(new JsonObject()
                .put("device", new JsonObject().put("networkAccessIdentifier", "208010000000001@iot.example.com"))
                .put("qosProfile", "QOS_GOLD"));
        api.put(foreign);
        decide(1, throttle(256));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        assertThat(api.all())
                .singleElement()
                .satisfies(each -> assertThat(each.qosProfile).isEqualTo("QOS_256K"));
    }

    @Test
    void whatIsBusyIsTriedAgainAndATokenThatHasEndedIsGotAnew() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        AtomicInteger calls = new AtomicInteger();
        api.faults(call -> switch (calls.incrementAndGet()) {
            case 1 -> Fault.UNAVAILABLE;
            case 2 -> Fault.TOO_MANY;
            case 3 -> Fault.CLOSED;
            default -> Fault.NONE;
        });
        Instant before = Instant.now();
        decide(1, throttle(256));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        assertThat(Duration.between(before, Instant.now()))
                .as("Retry-After of the 429")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(api.calls("POST", "/token")).hasSize(1);
        api.forgetTokens();
        decide(2, throttle(128));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        assertThat(api.calls("POST", "/token")).hasSize(2);
    }

    @Test
    void aProfileThatTheApiDoesNotHaveIsToldByItsCodeAndNothingElse() throws Exception {
        register(
                Optional.empty(),
                new QosProfiles(
                        List.of(new QosProfiles.Speed(64, "NOT_THERE")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        decide(1, throttle(64));
        eventually(() -> assertThat(dead()).containsExactly("status 422, QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE"));
        assertThat(TestDatabase.rows(fixture.config, "SELECT last_error FROM policy_state"))
                .containsExactly("status 422, QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE");
    }

    @Test
    void aSubscriberWhoseImsiIsNotKnownIsAskedForNowhere() throws Exception {
        fixture.imsi = "";
        register(Optional.empty());
        decide(1, SUSPENDED);
        eventually(() -> assertThat(fixture.heard).isNotEmpty());
        assertThat(api.made()).isEmpty();
        assertThat(fixture.heard.getFirst().sent())
                .as("nothing left the gateway")
                .isFalse();
        assertThat(state("sent_version")).isZero();
    }

    /** A profile that is refused is no reason to give the device its full speed. */
    @Test
    void whereTheNewProfileIsRefusedTheOneBeforeComesBack() throws Exception {
        register(
                Optional.empty(),
                new QosProfiles(PROFILES.speeds(), Optional.empty(), Optional.of("NOT_THERE"), Optional.empty()));
        api.begins("AVAILABLE");
        decide(1, throttle(1_024));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        decide(2, SUSPENDED);
        eventually(() -> assertThat(dead()).containsExactly("status 422, QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE"));
        Assignment again = api.all().getFirst();
        assertThat(again.qosProfile).isEqualTo("QOS_1M");
        assertThat(api.made()).hasSize(2);
        assertThat(send(again, CamaraApi.event(again, "AVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).as("of the policy before").isEqualTo(1);

        decide(3, throttle(128));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(3));
        assertThat(api.all())
                .singleElement()
                .satisfies(each -> assertThat(each.qosProfile).isEqualTo("QOS_128K"));
    }

    @Test
    void whatNoProfileStandsForIsDeadWithItsReasonWhereThereIsNoOtherConnector() throws Exception {
        register(Optional.empty());
        decide(1, new JsonObject().put("level", 5).put("reason", "lost"));
        eventually(() -> assertThat(dead())
                .containsExactly("no QoS profile stands for everything suspended, and there is no other connector"));
        assertThat(api.calls("POST", "")).isEmpty();
    }

    @Test
    void theOtherConnectorHoldsWhatNoProfileStandsForUntilTheAssignmentIsInForce() throws Exception {
        Receiver other = fixture.network();
        register(Optional.of(new Connector.SignedHttp(other.url(), Optional.empty())));
        decide(1, throttle(64));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        JsonObject held = other.got().getFirst().data();
        assertThat(held.getInteger("level")).isEqualTo(2);
        assertThat(held.getString("fallback")).isEqualTo("no QoS profile stands for a speed of 64 kbit/s");
        assertThat(api.made()).isEmpty();

        decide(2, throttle(128));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(2));
        assertThat(other.got()).as("not let go before the profile is in force").hasSize(1);
        Assignment asked = api.made().getFirst();
        asked.status = "AVAILABLE";
        send(asked, CamaraApi.event(asked, "AVAILABLE"));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        assertThat(other.got()).hasSize(2);
        assertThat(other.got().getLast().data().getInteger("level")).isZero();
    }

    /** The API allows one assignment for a device: before it goes, the other connector holds the new speed. */
    @Test
    void whileAProfileChangesTheOtherConnectorHoldsTheNewSpeed() throws Exception {
        Receiver other = fixture.network();
        register(Optional.of(new Connector.SignedHttp(other.url(), Optional.empty())));
        api.begins("AVAILABLE");
        decide(1, throttle(1_024));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        assertThat(other.got()).isEmpty();

        api.begins("REQUESTED");
        AtomicInteger heldBefore = new AtomicInteger(-1);
        api.faults(call -> {
            if (call.method().equals("DELETE")) {
                heldBefore.compareAndSet(-1, other.got().size());
            }
            return Fault.NONE;
        });
        decide(2, throttle(128));
        eventually(() -> assertThat(state("sent_version")).isEqualTo(2));
        assertThat(heldBefore).as("told before the assignment went").hasValue(1);
        JsonObject held = other.got().getFirst().data();
        assertThat(held.getInteger("kbpsDown")).isEqualTo(128);
        assertThat(held.getString("fallback")).isEqualTo("the QoS profile changes");
        assertThat(state("confirmed_version")).isEqualTo(1);

        Assignment second = api.all().getFirst();
        second.status = "AVAILABLE";
        send(second, CamaraApi.event(second, "AVAILABLE"));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        assertThat(other.got()).hasSize(2);
        assertThat(other.got().getLast().data().getInteger("level")).isZero();
    }

    /** A receiver that goes by versions and drops ids that it has seen, as the documentation has it. */
    @Test
    void theOtherConnectorLetsGoAlsoWhereItGoesByVersionsAndIds() throws Exception {
        Receiver other = fixture.network();
        PolicyReceiver network = new PolicyReceiver(gateway.publicKey(), policy -> {});
        Set<String> seen = ConcurrentHashMap.newKeySet();
        other.answers((request, got) -> request.response()
                .setStatusCode(seen.add(got.id()) ? take(network, got) : 204)
                .end());
        register(Optional.of(new Connector.SignedHttp(other.url(), Optional.empty())));
        api.begins("AVAILABLE");
        decide(1, throttle(1_024));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        decide(2, throttle(128));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        String held = network.state(PublicId.SUBSCRIPTION.format(subscription));
        assertThat(new JsonObject(held).getInteger("level")).isZero();
        decide(3, FULL);
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(3));
        assertThat(network.state(PublicId.SUBSCRIPTION.format(subscription))).isEqualTo(held);
    }

    /** RADIUS keeps nothing for the next session, also where it stands in for a QoS profile that there is not. */
    @Test
    void aSessionThatBeginsIsToldWhatTheOtherConnectorHoldsByRadius() throws Exception {
        fixture.radiusSecrets = address -> Optional.of(RadiusElement.SECRET);
        try (RadiusElement element = new RadiusElement(got -> List.of(RadiusElement.Reply.of(got.code() + 1, 0)))) {
            register(Optional.of(
                    new Connector.Radius(RadiusAddress.read(element.url()).orElseThrow())));
            api.begins("AVAILABLE");
            decide(1, throttle(128));
            eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
            TestDatabase.execute(
                    fixture.config,
                    "INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id) SELECT 'IMSI',"
                            + " decode(repeat('00', 16), 'hex'), vshard, tenant_id, account_id FROM policy_state");
            assertThat(sessionBegins()).as("the assignment outlives sessions").isZero();

            decide(2, new JsonObject().put("level", 5).put("reason", "lost"));
            eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
            assertThat(element.got()).hasSize(1);
            assertThat(sessionBegins()).isEqualTo(1);
            gateway.nudge();
            eventually(() -> assertThat(element.got()).hasSize(2));
            eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        }
    }

    private int sessionBegins() {
        return await(new PolicyRetelling(fixture.ids)
                .ofBegunSessions(
                        fixture.database,
                        List.of(new PolicyRetelling.Begun(new byte[16], Optional.empty())),
                        Instant.now()));
    }

    private static int take(PolicyReceiver network, Receiver.Got got) {
        try {
            return network.take(
                    got.id(),
                    got.headers().get(StandardSignature.TIMESTAMP),
                    got.headers().get(StandardSignature.SIGNATURE),
                    got.text().getBytes(StandardCharsets.UTF_8),
                    Instant.now().getEpochSecond());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whereTheOtherConnectorCannotHoldASpeedTheProfileStaysUntilItCan() throws Exception {
        Receiver other = fixture.network();
        register(Optional.of(new Connector.SignedHttp(other.url(), Optional.empty())));
        api.begins("AVAILABLE");
        decide(1, throttle(1_024));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        other.answers((request, got) -> request.response().setStatusCode(503).end());
        decide(2, throttle(128));
        eventually(() -> assertThat(other.got()).hasSizeGreaterThan(1));
        assertThat(api.all())
                .singleElement()
                .satisfies(each -> assertThat(each.qosProfile).isEqualTo("QOS_1M"));
        other.answers((request, got) -> request.response().setStatusCode(204).end());
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(2));
        assertThat(api.all())
                .singleElement()
                .satisfies(each -> assertThat(each.qosProfile).isEqualTo("QOS_128K"));
    }

    @Test
    void anAssignmentThatVanishedInTheNetworkIsFoundByReadingAndMadeAgain() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        decide(1, throttle(128));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        await(gateway.reconcile());
        assertThat(state("confirmed_version")).isEqualTo(1);
        api.remove(api.all().getFirst());
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.lost'"))
                    .isEqualTo(1);
        });
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(state("confirmed_version")).isEqualTo(1);
            assertThat(api.all()).hasSize(1);
        });
        assertThat(api.made()).hasSize(2);
    }

    @Test
    void aReplacedSimGetsItsOwnAssignmentAndEventsOfTheOldOneConfirmNothing() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        decide(1, SUSPENDED);
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        Assignment old = api.made().getFirst();

        api.begins("REQUESTED");
        fixture.imsi = "208010000000002";
        await(fixture.database.inWorker(connection -> new PolicyRetelling(fixture.ids)
                .ofReplacedSim(connection, CallbackFixture.TENANT, subscription, Instant.now())));
        gateway.nudge();
        eventually(() -> assertThat(api.made()).hasSize(2));
        Assignment next = api.made().getLast();
        assertThat(next.device).isEqualTo("208010000000002@iot.example.com");
        assertThat(next.qosProfile).isEqualTo("QOS_BLOCKED");
        assertThat(api.all()).as("the old SIM's is deleted").containsExactly(next);
        assertThat(send(old, CamaraApi.event(old, "AVAILABLE"))).isEqualTo(204);
        assertThat(state("confirmed_version")).isZero();

        next.status = "AVAILABLE";
        eventually(() -> {
            send(next, CamaraApi.event(next, "AVAILABLE"));
            assertThat(state("confirmed_version")).isEqualTo(1);
        });
    }

    /** An attempt of before that goes on would have the new SIM's policy confirmed by the assignment of the old one. */
    @Test
    void anAttemptForTheSimBeforeAsksForNothingMore() throws Exception {
        register(Optional.empty());
        api.begins("AVAILABLE");
        decide(1, throttle(1_024));
        eventually(() -> assertThat(state("confirmed_version")).isEqualTo(1));
        api.faults(call -> call.method().equals("DELETE") && api.held() == 0 ? Fault.HELD : Fault.NONE);
        decide(2, SUSPENDED);
        eventually(() -> assertThat(api.held()).isEqualTo(1));

        fixture.imsi = "208010000000002";
        await(fixture.database.inWorker(connection -> new PolicyRetelling(fixture.ids)
                .ofReplacedSim(connection, CallbackFixture.TENANT, subscription, Instant.now())));
        api.faults(call -> Fault.NONE);
        api.release();
        gateway.nudge();

        eventually(() -> {
            await(gateway.reconcile());
            assertThat(state("confirmed_version")).isEqualTo(2);
        });
        assertThat(api.made())
                .extracting(each -> each.device)
                .containsExactly("208010000000001@iot.example.com", "208010000000002@iot.example.com");
        assertThat(api.all())
                .extracting(each -> each.device + ' ' + each.qosProfile)
                .containsExactly("208010000000002@iot.example.com QOS_BLOCKED");
    }

    @Test
    void whateverTheApiDoesTheDeviceEndsWithWhatWasDecidedLast() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        register(Optional.empty());
        api.faults(call -> random.nextInt(3) > 0
                ? Fault.NONE
                : List.of(Fault.UNAVAILABLE, Fault.LOST_ANSWER, Fault.CLOSED).get(random.nextInt(3)));
        JsonObject last = FULL;
        for (int version = 1; version <= 12; version++) {
            api.begins(random.nextBoolean() ? "AVAILABLE" : "REQUESTED");
            last = List.of(FULL, throttle(128), throttle(1_024), SUSPENDED).get(random.nextInt(4));
            decide(version, last);
            int sent = version;
            if (random.nextBoolean()) {
                eventually(() ->
                        assertThat(state("sent_version")).as("seed %d", seed).isGreaterThanOrEqualTo(sent));
            }
            for (Assignment made : api.made()) {
                send(made, CamaraApi.event(made, random.nextInt(4) > 0 ? "AVAILABLE" : "UNAVAILABLE"));
            }
        }
        api.faults(call -> Fault.NONE);
        api.begins("AVAILABLE");
        String wanted = switch (PROFILES.of(last)) {
            case QosProfiles.Wish.Assigned assigned -> assigned.qosProfile();
            default -> "none";
        };
        eventually(() -> {
            api.all().forEach(each -> each.status = each.status.equals("REQUESTED") ? "AVAILABLE" : each.status);
            await(gateway.reconcile());
            assertThat(state("confirmed_version")).as("seed %d", seed).isEqualTo(12);
            assertThat(api.all().stream()
                            .map(each -> each.qosProfile)
                            .findFirst()
                            .orElse("none"))
                    .as("seed %d", seed)
                    .isEqualTo(wanted);
        });
    }

    private static JsonObject throttle(int kbps) {
        return new JsonObject()
                .put("level", 2)
                .put("kbpsDown", kbps)
                .put("kbpsUp", kbps)
                .put("reason", "plan.quota_used");
    }

    private void register(Optional<Connector> fallback) throws Exception {
        register(fallback, PROFILES);
    }

    private void register(Optional<Connector> fallback, QosProfiles profiles) throws Exception {
        fixture.partner(
                new Connector.CamaraQod(
                        api.root(),
                        Connector.Trust.PUBLIC,
                        new QosDevice(QosDevice.By.IMSI, "iot.example.com"),
                        profiles,
                        Optional.of(new Connector.ClientCredentials(
                                api.tokenUrl(), CamaraApi.CLIENT, Optional.of("qos:create qos:read"))),
                        fallback),
                CamaraApi.SECRET);
    }

    private void decide(long version, JsonObject policy) throws Exception {
        fixture.decide(subscription, version, policy);
        gateway.nudge();
    }

    private int send(Assignment assignment, JsonObject event) {
        return post("Bearer " + assignment.token(), event);
    }

    private int post(String authorization, JsonObject event) {
        UnaryOperator<HttpRequest<?>> authorized =
                request -> authorization == null ? request : request.putHeader("Authorization", authorization);
        HttpRequest<?> request =
                operator.postAbs(fixture.sink).putHeader("Content-Type", "application/cloudevents+json");
        return await(authorized.apply(request).sendBuffer(event.toBuffer())).statusCode();
    }

    private long state(String column) {
        return fixture.count("SELECT " + column + "::int FROM policy_state");
    }

    /** A moment of the one message to the network, in ms. */
    private String network(String column) throws Exception {
        return TestDatabase.rows(
                        fixture.config,
                        "SELECT (extract(epoch FROM " + column
                                + ") * 1000)::bigint FROM outbox WHERE stream = 'network'"
                                + " ORDER BY version DESC LIMIT 1")
                .getFirst();
    }

    private List<String> dead() throws Exception {
        return TestDatabase.rows(fixture.config, "SELECT last_error FROM outbox WHERE state = 'dead'");
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
