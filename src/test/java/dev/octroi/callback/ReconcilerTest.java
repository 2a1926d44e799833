package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.reconcile.Reconciler;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that the network has not confirmed: a real receiver, a real database, rounds begun by hand. */
class ReconcilerTest {
    private static final Duration BY_HAND = Duration.ofDays(1);

    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private final List<Callbacks> gateways = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.listener = CallbackFixture.keeping();
    }

    @AfterEach
    void close() throws Exception {
        for (Callbacks gateway : gateways) {
            await(gateway.stop());
        }
        fixture.close();
    }

    @Test
    void aPolicyWhoseRowWasLostIsSentAndConfirmed() throws Exception {
        Receiver network = fixture.network();
        long subscription = decided(3, "1 minute");
        Callbacks gateway = start(network, Duration.ofSeconds(30), Duration.ofHours(1));
        await(gateway.reconcile());
        eventually(() -> assertThat(confirmed(subscription)).isEqualTo(3));

        JsonObject data = network.got().getFirst().data();
        assertThat(data.getInteger("level")).isEqualTo(2);
        assertThat(data.getInteger("kbpsDown")).isEqualTo(384);
        assertThat(data.getInteger("kbpsUp")).isEqualTo(128);
        assertThat(data.getString("reason")).isEqualTo("plan.quota_used");
        assertThat(data.getLong("version")).isEqualTo(3);
        await(gateway.reconcile());
        assertThat(network.got()).hasSize(1);
    }

    @Test
    void aPolicyThatTheNetworkRefusedIsSentAgainUntilItIsConfirmed() throws Exception {
        Receiver network = fixture.network();
        AtomicInteger requests = new AtomicInteger();
        network.answers((request, got) -> request.response()
                .setStatusCode(requests.incrementAndGet() == 1 ? 403 : 204)
                .end());
        long subscription = decided(5, "0 seconds");
        fixture.append(fixture.policy(subscription, 5));
        Callbacks gateway = start(network, Duration.ofMillis(10), Duration.ofHours(1));
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'dead'"))
                .isEqualTo(1));
        assertThat(confirmed(subscription)).isZero();

        eventually(() -> {
            await(gateway.reconcile());
            assertThat(confirmed(subscription)).isEqualTo(5);
        });
        assertThat(requests.get()).isEqualTo(2);
        assertThat(fixture.count("SELECT urgency::int FROM outbox"))
                .as("told again, after what is decided")
                .isEqualTo(3);
        assertThat(fixture.count("SELECT repairs FROM policy_state")).isEqualTo(1);
        assertThat(network.got().get(0).id()).isEqualTo(network.got().get(1).id());
    }

    @Test
    void whatIsOnItsWayIsLeftToItsRetries() throws Exception {
        Receiver network = fixture.network();
        network.answers((request, got) -> request.response().setStatusCode(503).end());
        fixture.scale = 10;
        long subscription = decided(2, "1 minute");
        fixture.append(fixture.policy(subscription, 2));
        Callbacks gateway = start(network, Duration.ofMillis(10), Duration.ofHours(1));
        eventually(() ->
                assertThat(fixture.count("SELECT count(*)::int FROM delivery")).isPositive());
        await(gateway.reconcile());
        assertThat(fixture.count("SELECT repairs FROM policy_state")).isZero();
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                .isEqualTo(1);
    }

    @Test
    void aVersionThatStaysUnconfirmedIsToldOnceHoweverManyGatewaysLook() throws Exception {
        Receiver network = fixture.network();
        network.answers((request, got) -> request.response().setStatusCode(503).end());
        fixture.scale = 10;
        long subscription = decided(4, "20 minutes");
        fixture.append(fixture.policy(subscription, 4));
        Callbacks one = start(network, Duration.ofMillis(10), Duration.ofMinutes(15));
        Vertx other = Vertx.vertx();
        try {
            Callbacks two = fixture.gateway(other, network.url(), null);
            for (int round = 0; round < 3; round++) {
                await(Future.all(one.reconcile(), two.reconcile()));
                TestDatabase.execute(fixture.config, "UPDATE policy_state SET check_after = '-infinity'");
            }
        } finally {
            await(other.close());
        }
        assertThat(TestDatabase.rows(fixture.config, "SELECT data::text FROM event WHERE type = 'policy.unconfirmed'"))
                .singleElement()
                .satisfies(text -> {
                    JsonObject data = new JsonObject(text);
                    assertThat(data.getString("subscription")).isEqualTo(PublicId.SUBSCRIPTION.format(subscription));
                    assertThat(data.getLong("version")).isEqualTo(4);
                    assertThat(data.getLong("confirmedVersion")).isZero();
                    assertThat(data.getInteger("level")).isEqualTo(2);
                });
    }

    @Test
    void whereASuspensionStaysUnconfirmedOpenChargingSessionsAreEnded() throws Exception {
        Receiver network = fixture.network();
        long subscription = suspendedAndOpen(network, "admin.lost");
        Callbacks gateway = start(network, Duration.ofMillis(10), Duration.ofMinutes(15));
        await(gateway.reconcile());
        await(gateway.reconcile());
        eventually(() -> assertThat(
                        network.got().stream().filter(got -> got.text().contains("ABORT_CHARGING")))
                .hasSize(1));
        assertThat(TestDatabase.rows(
                        fixture.config, "SELECT key || ' ' || endpoint_id FROM outbox WHERE stream = 'charging'"))
                .containsExactly(subscription + " 5");
    }

    @Test
    void whereThereIsOnlyNothingLeftOpenChargingSessionsWaitForATopUpHoweverLongTheNetworkIsSilent() throws Exception {
        Receiver network = fixture.network();
        suspendedAndOpen(network, "plan.quota_used");
        Callbacks gateway = start(network, Duration.ofMillis(10), Duration.ofMinutes(15));
        await(gateway.reconcile());
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.unconfirmed'"))
                .isEqualTo(1);
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE stream = 'charging'"))
                .isZero();
    }

    /** A suspension that the network does not confirm, an open session and a released one; gives the subscription. */
    private long suspendedAndOpen(Receiver network, String reason) throws Exception {
        network.answers((request, got) -> request.response()
                .setStatusCode(got.text().contains("ABORT_CHARGING") ? 204 : 503)
                .end());
        fixture.scale = 10;
        fixture.nfMessages = payload -> Optional.of(new NfMessageSource.NfMessage(
                network.url().toString(),
                true,
                new JsonObject()
                        .put("notificationType", payload.getBoolean("abort") ? "ABORT_CHARGING" : "REAUTHORIZATION")));
        long subscription = decided(4, "20 minutes");
        fixture.append(fixture.policy(subscription, 4));
        TestDatabase.execute(
                fixture.config,
                "UPDATE decision SET level = 'SUSPENDED_DATA', reason = '" + reason + "'",
                "INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,"
                        + " grants_until, touched_at, waiting, notices, notify_to, memory)"
                        + " SELECT vshard, tenant_id, account_id, subscription_id, 5, true, 0, now(), now(), false, 1, 'sealed', E'\\n\\n-1'"
                        + " FROM policy_state",
                "INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,"
                        + " grants_until, touched_at, waiting, notices, notify_to, memory)"
                        + " SELECT vshard, tenant_id, account_id, subscription_id + 256, 5, false, 0, now(), now(), false, 1, 'sealed', E'\\n\\n-1'"
                        + " FROM policy_state");
        return subscription;
    }

    @Test
    void whatIsNotConfirmedIsInTheMetricsByItsAgeAndGoesWithTheConfirmation() throws Exception {
        Receiver network = fixture.network();
        decided(2, "20 minutes");
        Callbacks blind = fixture.gateway(fixture.vertx, java.net.URI.create("https://localhost:1/"), null);
        await(blind.reconcile());
        assertThat(gauge("octroi.policy.unconfirmed", "age", "escalated")).isEqualTo(1);
        assertThat(gauge("octroi.policy.unconfirmed", "age", "fresh")).isZero();
        assertThat(fixture.registry
                        .get("octroi.policy.unconfirmed.oldest.seconds")
                        .gauge()
                        .value())
                .isBetween(1_190.0, 1_300.0);
        assertThat(fixture.registry.get("octroi.policy.escalations").counter().count())
                .isEqualTo(1);
        assertThat(fixture.registry
                        .get("octroi.policy.repairs")
                        .tag("cause", "missing")
                        .counter()
                        .count())
                .isEqualTo(1);
        start(network, Duration.ofMillis(10), Duration.ofMinutes(15));
        eventually(() -> {
            await(blind.reconcile());
            assertThat(gauge("octroi.policy.unconfirmed", "age", "escalated")).isZero();
        });
        assertThat(fixture.registry
                        .get("octroi.callback.attempts")
                        .tags("stream", "network", "result", "delivered")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    private double gauge(String name, String tag, String value) {
        return fixture.registry.get(name).tag(tag, value).gauge().value();
    }

    @Test
    void whereNoNetworkHasAnAddressNobodyIsBlamed() throws Exception {
        decided(1, "20 minutes");
        Callbacks gateway = fixture.gateway(fixture.vertx, null, null);
        await(gateway.reconcile());
        assertThat(fixture.count("SELECT count(*)::int FROM event")).isZero();
        assertThat(fixture.count("SELECT count(*)::int FROM outbox")).isZero();
    }

    @Test
    void moreThanOneTransactionHoldsAreAllLookedAt() throws Exception {
        int policies = Reconciler.AT_ONCE + 7;
        decided(policies, 1, "20 minutes");
        Callbacks gateway = fixture.gateway(fixture.vertx, java.net.URI.create("https://localhost:1/"), null);
        await(gateway.reconcile());
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                .isEqualTo(policies);
    }

    /** A throttle that was decided some time ago; gives its subscription. */
    private long decided(long version, String ago) throws Exception {
        return decided(1, version, ago);
    }

    private long decided(int policies, long version, String ago) throws Exception {
        long subscription = 0;
        List<String> states = new ArrayList<>();
        List<String> decisions = new ArrayList<>();
        for (int i = 0; i < policies; i++) {
            subscription = fixture.ids.next();
            short shard = Ids.shardOf(subscription);
            long account = fixture.ids.next(shard);
            states.add("(%d, %d, %d, %d, %d, now() - interval '%s')"
                    .formatted(shard, CallbackFixture.TENANT, account, subscription, version, ago));
            decisions.add("(%d, %d, %d, %d, now(), 'THROTTLED', 384, 128, 'plan.quota_used', 'none', '{}')"
                    .formatted(shard, CallbackFixture.TENANT, account, version));
        }
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO policy_state (vshard, tenant_id, account_id, subscription_id, desired_version, desired_at)"
                        + " VALUES " + String.join(", ", states),
                "INSERT INTO decision (vshard, tenant_id, account_id, version, decided_at, level, down_kbps, up_kbps,"
                        + " reason, until_kind, inputs) VALUES " + String.join(", ", decisions));
        return subscription;
    }

    private long confirmed(long subscription) {
        return fixture.count("SELECT confirmed_version::int FROM policy_state WHERE subscription_id = " + subscription);
    }

    private Callbacks start(Receiver network, Duration repairAfter, Duration escalateAfter) throws Exception {
        fixture.reconciling = new ReconcilerSettings(BY_HAND, repairAfter, escalateAfter, BY_HAND);
        Callbacks gateway = fixture.gateway(fixture.vertx, network.url(), null);
        gateways.add(gateway);
        gateway.start();
        return gateway;
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
