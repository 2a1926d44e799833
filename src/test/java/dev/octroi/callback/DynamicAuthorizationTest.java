package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.RadiusElement.Got;
import dev.octroi.callback.RadiusElement.Reply;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.reconcile.PolicyRetelling;
import dev.octroi.db.Ids;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies for a network element that is told by RADIUS (RFC 5176) instead of signed HTTP. */
class DynamicAuthorizationTest {
    private static final int DISCONNECT = 40;
    private static final int COA = 43;
    private static final int NO_SESSION = 503;

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private RadiusElement element;
    private Callbacks gateway;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.radiusSecrets =
                address -> address.isLoopbackAddress() ? Optional.of(RadiusElement.SECRET) : Optional.empty();
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        element.close();
        fixture.close();
    }

    @Test
    void aThrottleChangesTheAuthorizationOfTheSubscribersSessions() throws Exception {
        start(got -> List.of(Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 2).put("kbpsDown", 384).put("kbpsUp", 128));
        delivered();

        Got got = element.got().getFirst();
        assertThat(got.code()).isEqualTo(COA);
        assertThat(got.text("10415/1")).as("3GPP-IMSI").isEqualTo("208010000000001");
        assertThat(got.text("11")).as("Filter-Id").isEqualTo("throttled-384");
        assertThat(got.number("14122/8")).as("WISPr-Bandwidth-Max-Down, bit/s").isEqualTo(384_000);
        assertThat(got.number("14122/7")).as("WISPr-Bandwidth-Max-Up, bit/s").isEqualTo(128_000);
        assertThat(got.number("55"))
                .as("Event-Timestamp")
                .isCloseTo(CallbackFixture.CLOCK.instant().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
        assertThat(fixture.heard.getFirst().confirmed()).isTrue();
    }

    @Test
    void theFullSpeedComesBackByNameAndWithoutACap() throws Exception {
        start(got -> List.of(Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 0));
        delivered();
        assertThat(element.got().getFirst().text("11")).isEqualTo("normal");
        assertThat(element.got().getFirst().attributes()).doesNotContainKeys("14122/7", "14122/8");
    }

    @Test
    void whenEverythingIsSuspendedSessionsEndAndNoSessionIsAsGood() throws Exception {
        start(got -> List.of(Reply.of(DISCONNECT + 2, NO_SESSION)));
        decide(new JsonObject().put("level", 5));
        delivered();
        assertThat(element.got().getFirst().code()).isEqualTo(DISCONNECT);
        assertThat(element.got().getFirst().attributes()).doesNotContainKey("11");
    }

    @Test
    void aRequestThatIsNotAnsweredIsSentAgainUnchanged() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        start(got -> requests.incrementAndGet() < 3 ? List.of() : List.of(Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 4));
        delivered();
        assertThat(element.got()).hasSize(3);
        assertThat(element.got().stream().map(Got::packet))
                .allSatisfy(packet ->
                        assertThat(packet).isEqualTo(element.got().getFirst().packet()));
        assertThat(fixture.count("SELECT attempts FROM outbox")).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutTheSecretConfirmsNothing() throws Exception {
        byte[] other = "another secret of sixteen".getBytes(StandardCharsets.US_ASCII);
        start(got -> List.of(new Reply(COA + 1, 0, other), Reply.of(COA + 2, 401)));
        decide(new JsonObject().put("level", 2).put("kbpsDown", 384).put("kbpsUp", 384));
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'dead'"))
                .isEqualTo(1));
        assertThat(TestDatabase.rows(fixture.config, "SELECT last_error FROM outbox"))
                .containsExactly("CoA-NAK, Error-Cause 401");
        assertThat(fixture.heard.getFirst().sent()).isTrue();
        assertThat(fixture.heard.getFirst().confirmed()).isFalse();
    }

    /** A session that is just about to begin may not be known to the element yet. */
    @Test
    void withoutASessionTheChangeIsTriedAgainForAWhile() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        start(got -> List.of(requests.incrementAndGet() < 7 ? Reply.of(COA + 2, NO_SESSION) : Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 3));
        delivered();
        assertThat(element.got()).hasSize(7);
        assertThat(fixture.count("SELECT attempts FROM outbox"))
                .as("the breaker of a healthy element stays closed")
                .isEqualTo(7);
    }

    /** Who has flown home never has a session again, and who comes back is told at the start of it. */
    @Test
    void whereThereIsNoSessionThereIsNothingToChangeBeforeTheNextOneBegins() throws Exception {
        fixture.listener = CallbackFixture.keeping();
        start(got -> List.of(Reply.of(COA + 2, NO_SESSION)));
        fixture.decide(fixture.ids.next(), 1, new JsonObject().put("level", 4).put("reason", "plan.ended"));
        gateway.nudge();
        eventually(() -> assertThat(fixture.count("SELECT confirmed_version::int FROM policy_state"))
                .isEqualTo(1));
        assertThat(element.got()).hasSize(8);
        link();
        assertThat(await(new PolicyRetelling(fixture.ids)
                        .ofBegunSessions(fixture.database, begun(Optional.empty()), Instant.now())))
                .isEqualTo(1);
        gateway.nudge();
        eventually(() -> assertThat(element.got()).hasSizeGreaterThan(8));
    }

    @Test
    void anElementWhoseSecretIsNotKnownIsAskedNothing() throws Exception {
        fixture.radiusSecrets = address -> Optional.empty();
        start(got -> List.of(Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 0));
        eventually(() ->
                assertThat(fixture.count("SELECT count(*)::int FROM delivery")).isPositive());
        assertThat(element.got()).isEmpty();
        assertThat(fixture.heard.getFirst().sent())
                .as("nothing left the gateway")
                .isFalse();
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                .isEqualTo(1);
    }

    @Test
    void aSubscriberWhoseImsiIsNotKnownIsAskedForNowhere() throws Exception {
        fixture.imsi = "";
        start(got -> List.of(Reply.of(COA + 1, 0)));
        decide(new JsonObject().put("level", 0));
        eventually(() -> assertThat(fixture.heard).isNotEmpty());
        assertThat(element.got()).isEmpty();
        assertThat(fixture.heard.getFirst().sent())
                .as("nothing left the gateway")
                .isFalse();
    }

    @Test
    void aSessionThatBeginsIsToldTheSuspensionThatTheOneBeforeHadConfirmed() throws Exception {
        fixture.listener = CallbackFixture.keeping();
        start(got -> List.of(Reply.of(got.code() + 1, 0)));
        long subscription = fixture.ids.next();
        fixture.decide(subscription, 1, new JsonObject().put("level", 5).put("reason", "lost"));
        gateway.nudge();
        eventually(() -> assertThat(fixture.count("SELECT confirmed_version::int FROM policy_state"))
                .isEqualTo(1));
        link();

        PolicyRetelling policies = new PolicyRetelling(fixture.ids);
        assertThat(await(policies.ofBegunSessions(fixture.database, begun(Optional.empty()), Instant.now())))
                .isEqualTo(1);
        gateway.nudge();
        eventually(() -> assertThat(element.got()).extracting(Got::code).containsExactly(DISCONNECT, DISCONNECT));
        eventually(() -> assertThat(fixture.count("SELECT confirmed_version::int FROM policy_state"))
                .isEqualTo(1));

        TestDatabase.execute(
                fixture.config,
                "INSERT INTO decision (vshard, tenant_id, account_id, version, decided_at, level, reason, until_kind, inputs)"
                        + " SELECT vshard, tenant_id, account_id, 1, now(), 'NORMAL', 'none', 'NEVER', '{}' FROM policy_state");
        assertThat(await(policies.ofBegunSessions(fixture.database, begun(Optional.empty()), Instant.now())))
                .as("full speed is what a session begins with")
                .isZero();
    }

    /** Accounting goes by UDP, and a gateway that starts anew hears nothing. */
    @Test
    void aSessionWhoseStartWasLostIsToldOnceByWhatIsHeardOfItLater() throws Exception {
        fixture.listener = CallbackFixture.keeping();
        start(got -> List.of(Reply.of(got.code() + 1, 0)));
        fixture.decide(fixture.ids.next(), 1, new JsonObject().put("level", 4).put("reason", "lost"));
        gateway.nudge();
        eventually(() -> assertThat(fixture.count("SELECT confirmed_version::int FROM policy_state"))
                .isEqualTo(1));
        link();
        Instant confirmed = Instant.now();
        TestDatabase.execute(fixture.config, "UPDATE policy_state SET confirmed_at = now() - interval '10 minutes'");
        PolicyRetelling policies = new PolicyRetelling(fixture.ids);

        assertThat(await(policies.ofBegunSessions(
                        fixture.database, begun(Optional.of(confirmed.minusSeconds(700))), Instant.now())))
                .as("it was there when the policy was confirmed")
                .isZero();
        List<PolicyRetelling.Begun> later = begun(Optional.of(confirmed.minusSeconds(500)));
        assertThat(await(policies.ofBegunSessions(fixture.database, later, Instant.now())))
                .isEqualTo(1);
        assertThat(await(policies.ofBegunSessions(fixture.database, later, Instant.now())))
                .as("on its way")
                .isZero();
        gateway.nudge();
        eventually(() -> assertThat(element.got()).hasSize(2));
        eventually(() -> assertThat(fixture.count("SELECT confirmed_version::int FROM policy_state"))
                .isEqualTo(1));
        assertThat(await(policies.ofBegunSessions(fixture.database, later, Instant.now())))
                .as("told")
                .isZero();
    }

    private static List<PolicyRetelling.Begun> begun(Optional<Instant> at) {
        return List.of(new PolicyRetelling.Begun(new byte[16], at));
    }

    private void link() throws Exception {
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)"
                        + " SELECT 'IMSI', decode(repeat('00', 16), 'hex'), vshard, tenant_id, account_id FROM policy_state");
    }

    private void start(Function<Got, List<Reply>> answers) throws Exception {
        element = new RadiusElement(answers);
        TestDatabase.execute(fixture.config, """
                INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, callback_url, created_at)
                VALUES (0, 42, 'network', 'bras', sha256('bras'), '{}', '%s', now())
                """.formatted(element.url()));
        gateway = fixture.gateway(fixture.vertx, null, null);
        gateway.start();
    }

    private void decide(JsonObject payload) {
        long subscription = fixture.ids.next();
        fixture.append(new OutboxRow(
                CallbackFixture.TENANT,
                fixture.ids.next(Ids.shardOf(subscription)),
                Stream.NETWORK,
                0,
                subscription,
                1,
                payload.put("reason", "test"),
                CallbackFixture.CLOCK.instant()));
    }

    private void delivered() {
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .as("dropped: %s", element.dropped())
                .isEqualTo(1));
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
