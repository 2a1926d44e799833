package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Urgency;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.testing.Seeds;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real receivers over real TLS, a real database; delays are a hundredth of production's. */
class DispatcherTest {
    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private final List<Callbacks> gateways = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        for (Callbacks gateway : gateways) {
            await(gateway.stop());
        }
        fixture.close();
    }

    @Test
    void policyReachesTheNetworkSignedAndIsConfirmed() throws Exception {
        Receiver network = fixture.network();
        start(fixture.vertx, network);
        long subscription = fixture.ids.next();
        fixture.append(fixture.policy(subscription, 7));
        eventually(() ->
                assertThat(fixture.count("SELECT count(*)::int FROM delivery")).isEqualTo(1));

        Receiver.Got got = network.got().getFirst();
        assertThat(got.body().getString("type")).isEqualTo("policy.desired");
        assertThat(got.data().getString("iccid")).isEqualTo("8933010000000000017");
        assertThat(got.data().getString("imsi")).isEqualTo("208010000000001");
        assertThat(got.data().getLong("version")).isEqualTo(7);
        assertThat(got.data().getInteger("kbpsDown")).isEqualTo(384);
        assertThat(got.headers().get("webhook-signature")).startsWith("v1a,");
        assertThat(got.headers().get("idempotency-key"))
                .isEqualTo("\"" + PublicId.SUBSCRIPTION.format(subscription) + ":7\"");
        assertThat(fixture.heard.getFirst().confirmed()).isTrue();
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered' AND attempts = 1"))
                .isEqualTo(1);
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.applied'"))
                .isEqualTo(1);
        assertThat(fixture.count("SELECT status FROM delivery")).isEqualTo(204);
    }

    @Test
    void progressIsToldAsTheOperatorsInterfaceSays() throws Exception {
        Receiver operator = fixture.network();
        Callbacks gateway = fixture.gateway(fixture.vertx, null, operator.url().resolve("/"));
        gateways.add(gateway);
        gateway.start();
        long subscription = fixture.ids.next();
        JsonObject payload = new JsonObject()
                .put("profileType", "octroi")
                .put("timestamp", "2026-11-23T10:00:00.123Z")
                .put("notificationPointId", 4)
                .put("status", "Executed-Success");
        fixture.append(new OutboxRow(
                CallbackFixture.TENANT,
                fixture.ids.next(dev.octroi.db.Ids.shardOf(subscription)),
                Stream.ES2,
                0,
                subscription,
                1,
                payload,
                CallbackFixture.CLOCK.instant()));
        eventually(() -> assertThat(operator.got()).hasSize(1));

        Receiver.Got got = operator.got().getFirst();
        assertThat(got.path()).isEqualTo("/gsma/rsp2/es2plus/handleDownloadProgressInfo");
        assertThat(got.headers().get("x-admin-protocol")).isEqualTo("gsma/rsp/v2.5.0");
        assertThat(got.body().getString("iccid")).isEqualTo("8933010000000000017");
        assertThat(got.body().getString("timestamp")).isEqualTo("2026-11-23T10:00:00Z");
        assertThat(got.body().getInteger("notificationPointId")).isEqualTo(4);
        assertThat(got.body().getJsonObject("notificationPointStatus").getString("status"))
                .isEqualTo("Executed-Success");
        assertThat(got.body().getJsonObject("header").getString("functionRequesterIdentifier"))
                .isEqualTo("2.999.10");
    }

    @Test
    void onlyTheNewestPolicyIsSentAndTheOthersAreSuperseded() throws Exception {
        Receiver network = fixture.network();
        long subscription = fixture.ids.next();
        fixture.append(
                fixture.policy(subscription, 1), fixture.policy(subscription, 2), fixture.policy(subscription, 3));
        start(fixture.vertx, network);
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(1));
        assertThat(network.got()).hasSize(1);
        assertThat(network.got().getFirst().data().getLong("version")).isEqualTo(3);
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'superseded'"))
                .isEqualTo(2);
    }

    @Test
    void policyThatFailsIsOvertakenByItsSuccessorAtOnce() throws Exception {
        Receiver network = fixture.network();
        network.answers((request, got) -> request.response()
                .setStatusCode(got.data().getLong("version") == 1 ? 503 : 200)
                .putHeader("Retry-After", "3600")
                .end());
        start(fixture.vertx, network);
        long subscription = fixture.ids.next();
        fixture.append(fixture.policy(subscription, 1));
        eventually(() -> assertThat(network.got()).hasSize(1));
        fixture.append(fixture.policy(subscription, 2));
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(1));
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'superseded'"))
                .isEqualTo(1);
    }

    @Test
    void refusalEndsAsDeadLetterAndABusyReceiverDoesNot() throws Exception {
        Receiver network = fixture.network();
        AtomicInteger calls = new AtomicInteger();
        long refused = fixture.ids.next();
        String refusedName = PublicId.SUBSCRIPTION.format(refused);
        network.answers((request, got) -> request.response()
                .setStatusCode(
                        got.data().getString("subscription").equals(refusedName)
                                ? 400
                                : calls.incrementAndGet() == 1 ? 429 : 200)
                .end());
        start(fixture.vertx, network);
        fixture.append(fixture.policy(refused, 1), fixture.policy(fixture.ids.next(), 1));
        eventually(() -> {
            assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'dead'"))
                    .isEqualTo(1);
            assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered' AND attempts = 2"))
                    .isEqualTo(1);
        });
        assertThat(fixture.count("SELECT count(*)::int FROM event WHERE type = 'policy.failed'"))
                .isEqualTo(1);
    }

    @Test
    void everyDecisionArrivesInOrderAtAReceiverThatFailsHangsAndForgets() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random chance = new Random(seed);
            fixture.timeoutMs = 1_500;
            Receiver network = fixture.network();
            network.answers((request, got) -> {
                double draw = chance.nextDouble();
                if (draw < 0.05) {
                    return; // never answers
                }
                request.response().setStatusCode(draw < 0.35 ? 500 : 204).end();
            });
            start(fixture.vertx, network);
            start(fixture.another(), network);
            List<Long> subscriptions = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                subscriptions.add(fixture.ids.next());
            }
            for (long version = 1; version <= 12; version++) {
                for (long subscription : subscriptions) {
                    fixture.append(fixture.policy(subscription, version));
                }
            }
            eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                    .as("seed %d", seed)
                    .isZero());
            for (long subscription : subscriptions) {
                List<Long> versions = network.of(PublicId.SUBSCRIPTION.format(subscription)).stream()
                        .map(got -> got.data().getLong("version"))
                        .toList();
                assertThat(versions).as("seed %d", seed).isSorted().endsWith(12L);
                Map<Long, String> ids = new HashMap<>();
                network.of(PublicId.SUBSCRIPTION.format(subscription))
                        .forEach(got -> assertThat(got.id())
                                .isEqualTo(ids.computeIfAbsent(got.data().getLong("version"), version -> got.id())));
            }
            assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state IN ('dead')"))
                    .isZero();
        });
    }

    @Test
    void webhooksOfOneSubscriptionArriveInOrderAndNoneIsLost() throws Exception {
        fixture.scale = 0.0005;
        Receiver reseller = fixture.reseller();
        Callbacks gateway = start(fixture.vertx, null);
        fixture.register(gateway.webhooks(), reseller);
        AtomicInteger calls = new AtomicInteger();
        reseller.answers((request, got) -> request.response()
                .setStatusCode(calls.incrementAndGet() % 3 == 1 ? 503 : 200)
                .end());
        long subscription = fixture.ids.next();
        for (int i = 0; i < 20; i++) {
            fixture.raise(subscription, "usage.threshold_reached", new JsonObject().put("n", i));
        }
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(20));
        List<Integer> order = reseller.got().stream()
                .filter(got -> got.body().getString("type").equals("usage.threshold_reached"))
                .map(got -> got.data().getInteger("n"))
                .toList();
        assertThat(order).isSorted();
        assertThat(order.stream().distinct()).hasSize(20);
    }

    @Test
    void deadEndpointDoesNotSlowTheOthers() throws Exception {
        Receiver dead = fixture.reseller();
        Receiver good = fixture.reseller();
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        Callbacks gateway = start(fixture.vertx, null);
        fixture.register(gateway.webhooks(), dead);
        fixture.register(gateway.webhooks(), good);
        dead.answers((request, got) -> held.add(request));
        for (int i = 0; i < 60; i++) {
            fixture.raise(fixture.ids.next(), "policy.decided", new JsonObject().put("n", i));
        }
        gateway.nudge();
        eventually(() -> assertThat(good.got().stream()
                        .filter(got -> got.body().getString("type").equals("policy.decided")))
                .hasSize(60));
        assertThat(fixture.count("""
                        SELECT coalesce(max(extract(epoch FROM first_attempt_at - created_at) * 1000), 0)::int
                        FROM outbox WHERE state = 'delivered'
                        """))
                .as("whoever waited for an attempt to the dead one waited for its deadline of ten seconds")
                .isLessThan(7_000);
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(60));
        // Lest the gateway wait for them when it stops.
        dead.answers((request, got) -> request.response().end());
        held.forEach(request -> request.connection().close());
    }

    /** As many attempts under way as a gateway makes at a time for a tenant, all to endpoints that take their time. */
    @Test
    void slowEndpointsHoldBackNeitherPoliciesNorTheWebhooksOfOtherTenants() throws Exception {
        // None of the attempts ends before the test lets it.
        fixture.timeoutMs = 120_000;
        int another = CallbackFixture.TENANT + 1;
        Receiver slow = fixture.reseller();
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        slow.answers((request, got) -> held.add(request));
        Receiver network = fixture.network();
        for (int i = 0; i < 70; i++) {
            endpoint(CallbackFixture.TENANT, slow);
        }
        for (int i = 0; i < 8; i++) {
            fixture.raise(fixture.ids.next(), "policy.decided", new JsonObject().put("n", i));
        }
        endpoint(another, slow);
        fixture.raise(another, fixture.ids.next(), "policy.decided", new JsonObject());
        start(fixture.vertx, network);
        eventually(() -> {
            assertThat(underWay(another)).isEqualTo(1);
            assertThat(underWay(CallbackFixture.TENANT)).isEqualTo(64);
        });
        fixture.append(fixture.policy(fixture.ids.next(), 1));
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(1));
        assertThat(fixture.count("""
                        SELECT count(*)::int FROM delivery d, outbox p
                        WHERE p.stream = 'network' AND d.endpoint_id <> 0
                          AND d.at + d.duration_ms * interval '1 ms' < p.first_attempt_at
                        """))
                .as("attempts that had to end before the policy was sent")
                .isZero();
        slow.answers((request, got) -> request.response().end());
        held.forEach(request -> request.connection().close());
    }

    private void endpoint(int tenant, Receiver receiver) {
        long id = fixture.ids.next();
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO webhook_endpoint (tenant_id, id, vshard, url, signature, secret_sealed)"
                        + " VALUES (%d, %d, %d, '%s', 'v1a', '')"
                                .formatted(tenant, id, Ids.shardOf(id), receiver.url()));
    }

    private int underWay(int tenant) {
        return fixture.count(
                "SELECT count(*)::int FROM outbox WHERE lease_owner IS NOT NULL AND tenant_id = " + tenant);
    }

    @Test
    void deadNetworkDoesNotSlowTheNetworkOfAnotherTenantAndIsToldAllWhenItIsBack() throws Exception {
        fixture.timeoutMs = 5_000;
        Receiver dead = fixture.network();
        Receiver good = fixture.network();
        AtomicBoolean back = new AtomicBoolean();
        dead.answers((request, got) -> {
            if (back.get()) {
                request.response().setStatusCode(204).end();
            }
        });
        int other = CallbackFixture.TENANT + 1;
        fixture.partner(CallbackFixture.TENANT, new Connector.SignedHttp(dead.url(), Optional.empty()), null);
        fixture.partner(other, new Connector.SignedHttp(good.url(), Optional.empty()), null);
        Callbacks gateway = start(fixture.vertx, null);
        int each = 100;
        List<OutboxRow> rows = new ArrayList<>();
        for (int tenant = CallbackFixture.TENANT; tenant <= other; tenant++) {
            for (int i = 0; i < each; i++) {
                rows.add(fixture.policy(tenant, fixture.ids.next(), 1));
            }
        }
        fixture.append(rows.toArray(OutboxRow[]::new));
        gateway.nudge();
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .as("policies that were told while the other network was dead")
                .isEqualTo(each));
        assertThat(good.got().stream().map(Receiver.Got::id).distinct()).hasSize(each);
        assertThat(dead.got())
                .as("attempts of a network that is known to be dead")
                .hasSizeLessThan(each);
        back.set(true);
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(2 * each));
    }

    /** Midnight of one tenant, at a network that takes its time, and a suspension and a policy of another one meanwhile. */
    @Test
    void whatIsDecidedMeanwhileWaitsForNoBacklog() throws Exception {
        Receiver network = fixture.network();
        network.answers((request, got) ->
                fixture.vertx.setTimer(500, answer -> request.response().end()));
        int backlog = 3_000;
        List<OutboxRow> rows = new ArrayList<>();
        for (int i = 0; i < backlog; i++) {
            rows.add(fixture.policy(CallbackFixture.TENANT, fixture.ids.next(), 1, Urgency.IN_BULK));
        }
        fixture.append(rows.toArray(OutboxRow[]::new));
        start(fixture.vertx, network);
        eventually(() -> assertThat(network.got()).hasSizeGreaterThan(100));
        for (int tenant = CallbackFixture.TENANT; tenant <= CallbackFixture.TENANT + 1; tenant++) {
            for (Urgency urgency : List.of(Urgency.STOPS, Urgency.DECIDED)) {
                fixture.append(fixture.policy(tenant, fixture.ids.next(), 2, urgency));
            }
        }
        eventually(() -> assertThat(
                        fixture.count("SELECT count(*)::int FROM outbox WHERE version = 2 AND state = 'delivered'"))
                .isEqualTo(4));
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                .as("of the backlog")
                .isGreaterThan(backlog / 2);
    }

    /** Rows that are put back are written twice, and seen by each look again; the other network's stand behind them. */
    @Test
    void rowsOfANetworkThatIsBusyToTheBrimAreLeftAloneAndHoldBackNoOther() throws Exception {
        // None of the attempts ends before the test lets it.
        fixture.timeoutMs = 120_000;
        Receiver busy = fixture.network();
        Receiver good = fixture.network();
        List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
        busy.answers((request, got) -> held.add(request));
        int other = CallbackFixture.TENANT + 1;
        fixture.partner(CallbackFixture.TENANT, new Connector.SignedHttp(busy.url(), Optional.empty()), null);
        fixture.partner(other, new Connector.SignedHttp(good.url(), Optional.empty()), null);
        List<OutboxRow> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(fixture.policy(CallbackFixture.TENANT, fixture.ids.next(), 1));
        }
        fixture.append(rows.toArray(OutboxRow[]::new));
        Callbacks gateway = start(fixture.vertx, null);
        eventually(() -> assertThat(held).hasSize(64));
        for (int i = 0; i < 20; i++) {
            fixture.append(fixture.policy(other, fixture.ids.next(), 1));
            gateway.nudge();
        }
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(20));
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE lease_owner IS NULL AND state = 'pending'"
                        + " AND next_at = created_at"))
                .as("never touched")
                .isEqualTo(1_000 - 64);
        busy.answers((request, got) -> request.response().end());
        held.forEach(request -> request.connection().close());
    }

    @Test
    void gatewayKilledInMidSendLeavesItsRowToAnotherWithTheSameIdWithinTenSeconds() throws Exception {
        fixture.leaseMs = DispatcherSettings.standard(Optional.empty(), Optional.empty(), 1)
                .leaseMs();
        AtomicReference<Instant> killed = new AtomicReference<>(Instant.MAX);
        AtomicReference<Instant> taken = new AtomicReference<>(Instant.MAX);
        Receiver network = fixture.network();
        Vertx doomed = Vertx.vertx();
        AtomicInteger calls = new AtomicInteger();
        network.answers((request, got) -> {
            if (calls.incrementAndGet() == 1) {
                killed.set(Instant.now());
                doomed.close();
            } else {
                taken.compareAndSet(Instant.MAX, Instant.now());
                request.response().setStatusCode(204).end();
            }
        });
        fixture.append(fixture.policy(fixture.ids.next(), 1));
        Callbacks first = fixture.gateway(doomed, network.url(), null);
        Callbacks other = fixture.gateway(fixture.vertx, network.url(), null);
        gateways.add(other);
        first.start();
        eventually(() -> assertThat(network.got()).hasSize(1));
        other.start();
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(1));
        assertThat(Duration.between(killed.get(), taken.get())).isLessThan(Duration.ofSeconds(10));
        assertThat(network.got()).hasSize(2);
        assertThat(network.got().get(1).id()).isEqualTo(network.got().get(0).id());
        assertThat(network.got().get(1).text()).isEqualTo(network.got().get(0).text());
    }

    @Test
    void everyDecisionSurvivesTenKilledGateways() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random chance = new Random(seed);
            fixture.leaseMs = 1_000;
            Receiver network = fixture.network();
            network.answers((request, got) -> request.response()
                    .setStatusCode(chance.nextInt(10) < 3 ? 503 : 200)
                    .end());
            List<Long> subscriptions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                subscriptions.add(fixture.ids.next());
            }
            for (int kill = 1; kill <= 10; kill++) {
                Vertx doomed = Vertx.vertx();
                fixture.gateway(doomed, network.url(), null).start();
                for (long subscription : subscriptions) {
                    fixture.append(fixture.policy(subscription, kill));
                }
                int before = network.got().size();
                int wanted = before + chance.nextInt(10);
                eventually(() -> assertThat(network.got().size()).isGreaterThanOrEqualTo(wanted));
                await(doomed.close());
            }
            start(fixture.vertx, network);
            eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                    .as("seed %d", seed)
                    .isZero());
            for (long subscription : subscriptions) {
                List<Long> versions = network.of(PublicId.SUBSCRIPTION.format(subscription)).stream()
                        .map(got -> got.data().getLong("version"))
                        .toList();
                assertThat(versions).as("seed %d", seed).isSorted().endsWith(10L);
            }
            assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE version = 10 AND state = 'delivered'"))
                    .isEqualTo(20);
        });
    }

    @Test
    void twoGatewaysShareTheWorkAndSendNothingTwice() throws Exception {
        Receiver network = fixture.network();
        for (int i = 0; i < 100; i++) {
            fixture.append(fixture.policy(fixture.ids.next(), 1));
        }
        start(fixture.vertx, network);
        start(fixture.another(), network);
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'delivered'"))
                .isEqualTo(100));
        assertThat(network.got().stream().map(Receiver.Got::id).distinct()).hasSize(100);
        assertThat(network.got().size()).isEqualTo(100);
    }

    @Test
    void webhookToAPrivateAddressIsNeverConnectedTo() throws Exception {
        Receiver reseller = fixture.reseller();
        Callbacks lenient = start(fixture.vertx, null);
        fixture.register(lenient.webhooks(), reseller);
        await(lenient.stop());
        gateways.clear();
        int before = reseller.got().size();
        Callbacks strict = fixture.gateway(fixture.vertx, null, null, false);
        gateways.add(strict);
        strict.start();
        fixture.raise(fixture.ids.next(), "policy.decided", new JsonObject());
        eventually(() -> assertThat(
                        fixture.count("SELECT count(*)::int FROM outbox WHERE last_error LIKE 'address refused%'"))
                .isEqualTo(1));
        assertThat(reseller.got()).hasSize(before);
    }

    private Callbacks start(Vertx on, Receiver network) throws Exception {
        Callbacks gateway = fixture.gateway(on, network == null ? null : network.url(), null);
        gateways.add(gateway);
        gateway.start();
        return gateway;
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(check);
    }
}
