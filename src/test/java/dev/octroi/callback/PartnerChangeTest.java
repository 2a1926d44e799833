package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.access.Es2Terms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.reconcile.ReconcilerSettings;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.PartnerTrust;
import dev.octroi.pki.TrustDomain;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies that were confirmed by whom they went to before: real receivers, a real database, rounds begun by hand. */
class PartnerChangeTest {
    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private Partners partners;
    private Callbacks gateway;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        fixture.listener = CallbackFixture.keeping();
        fixture.reconciling = new ReconcilerSettings(
                Duration.ofDays(1), Duration.ofMillis(10), Duration.ofHours(1), Duration.ofMinutes(15));
        DevPki pki = DevPki.ensure(folder.resolve("pki"), CallbackFixture.CLOCK, CallbackFixture.RANDOM);
        PartnerTrust trust = PartnerTrust.load(pki.trust(TrustDomain.NETWORK), CallbackFixture.CLOCK);
        partners = new Partners(fixture.database, trust, CallbackFixture.CLOCK);
        gateway = fixture.gateway(fixture.vertx, null, null);
        gateway.start();
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        fixture.close();
    }

    @Test
    void policiesInForceAreToldToAPartnerThatIsToldInAnotherWayAndFullSpeedIsNot() throws Exception {
        Receiver before = fixture.network();
        Receiver after = fixture.network();
        long id = fixture.partner(0, signed(before), null);
        List<Long> suspended = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            suspended.add(decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA"));
        }
        decide(new JsonObject().put("level", 0).put("reason", "none"), "NORMAL");
        gateway.nudge();
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(before.got()).hasSize(4);

        await(fixture.database.inWorker(connection -> partners.replaceConnector(connection, id, signed(after), null)));
        await(gateway.reconcile());
        eventually(() -> assertThat(after.got()).hasSize(3));
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(after.got())
                .extracting(Receiver.Got::data)
                .allSatisfy(data -> assertThat(data.getBoolean("repair")).isTrue())
                .extracting(data -> data.getString("subscription"))
                .containsExactlyInAnyOrderElementsOf(
                        suspended.stream().map(PublicId.SUBSCRIPTION::format).toList());

        await(gateway.reconcile());
        assertThat(unconfirmed()).as("once").isZero();
        assertThat(fixture.count("SELECT count(*)::int FROM partner WHERE retell_from IS NOT NULL"))
                .isZero();
    }

    @Test
    void tenantsWithAPartnerOfTheirOwnHearNothingOfAnotherOneForAll() throws Exception {
        Receiver own = fixture.network();
        fixture.partner(CallbackFixture.TENANT, signed(own), null);
        Receiver other = fixture.network();
        long common = fixture.partner(0, signed(other), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(unconfirmed()).isZero());
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO network_copy (tenant_id, vshard, subscription_id, partner_id, version, policy, state, number)"
                        + " SELECT tenant_id, vshard, subscription_id, 1, 1, '{}', 'requested', 7 FROM policy_state");
        await(fixture.database.inWorker(
                connection -> partners.replaceConnector(connection, common, signed(other), null)));
        await(gateway.reconcile());
        assertThat(unconfirmed()).isZero();
        assertThat(own.got()).hasSize(1);
        assertThat(fixture.count("SELECT number::int FROM network_copy"))
                .as("events of its request count")
                .isEqualTo(7);
    }

    /** Nobody was there for days, and the pauses between attempts have grown to an hour. */
    @Test
    void whatWaitsForAPartnerGoesOutWhenThereIsOne() throws Exception {
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() ->
                assertThat(fixture.count("SELECT min(attempts) FROM outbox")).isPositive());
        TestDatabase.execute(
                fixture.config,
                "UPDATE outbox SET attempts = 12, next_at = now() + interval '1 hour', lease_owner = NULL"
                        + " WHERE stream = 'network'");
        Receiver network = fixture.network();
        long id = fixture.partner(0, signed(network), null);

        await(fixture.database.inWorker(
                connection -> partners.replaceConnector(connection, id, signed(network), null)));
        await(gateway.reconcile());
        gateway.nudge();

        eventually(() -> assertThat(network.got()).hasSize(1));
        eventually(() -> assertThat(unconfirmed()).isZero());
    }

    /** The path was wrong, so all was refused, and looked at again ever more seldom. */
    @Test
    void whatThePartnerRefusedIsSentAgainWhenItIsPutRight() throws Exception {
        Receiver network = fixture.network();
        network.answers((request, got) -> request.response().setStatusCode(404).end());
        long id = fixture.partner(0, signed(network), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'dead'"))
                .isEqualTo(1));
        TestDatabase.execute(
                fixture.config,
                "UPDATE policy_state SET check_after = now() + interval '1 hour', repairs = 8,"
                        + " repaired_version = desired_version");
        Receiver right = fixture.network();

        await(fixture.database.inWorker(connection -> partners.replaceConnector(connection, id, signed(right), null)));
        eventually(() -> {
            await(gateway.reconcile());
            assertThat(right.got()).isNotEmpty();
        });
        eventually(() -> assertThat(unconfirmed()).isZero());
    }

    /** The request was under way when the partner was replaced: its answer says nothing of the new one. */
    @Test
    void whatThePartnerBeforeTakesLateIsToldToTheNewOne() throws Exception {
        Receiver before = fixture.network();
        Receiver after = fixture.network();
        AtomicReference<HttpServerRequest> held = new AtomicReference<>();
        before.answers((request, got) -> held.set(request));
        long id = fixture.partner(0, signed(before), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(held.get()).isNotNull());

        await(fixture.database.inWorker(connection -> partners.replaceConnector(connection, id, signed(after), null)));
        await(gateway.reconcile());
        held.get().response().setStatusCode(204).end();
        eventually(() -> assertThat(after.got()).hasSize(1));
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(after.got().getFirst().data().getBoolean("repair")).isTrue();
    }

    @Test
    void aTenantWhosePartnerIsToldNothingAnyMoreFallsBackToThatOfAllTenants() throws Exception {
        Receiver common = fixture.network();
        fixture.partner(0, signed(common), null);
        Receiver own = fixture.network();
        long id = fixture.partner(CallbackFixture.TENANT, signed(own), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(common.got()).isEmpty();

        register(CallbackFixture.TENANT, id, TrustDomain.NETWORK);
        await(gateway.reconcile());
        eventually(() -> assertThat(common.got()).hasSize(1));
        eventually(() -> assertThat(unconfirmed()).isZero());
    }

    @Test
    void aTenantWhosePartnerIsDisabledFallsBackToThatOfAllTenants() throws Exception {
        Receiver common = fixture.network();
        fixture.partner(0, signed(common), null);
        Receiver own = fixture.network();
        long id = fixture.partner(CallbackFixture.TENANT, signed(own), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(common.got()).isEmpty();

        Optional<Partner> ended = await(fixture.database.inWorker(connection -> partners.disable(connection, id)));
        assertThat(ended).isPresent();
        await(gateway.reconcile());
        eventually(() -> assertThat(common.got()).hasSize(1));
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(own.got()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"4,NETWORK", "3,SM_DP"})
    void aTenantWhosePartnerBecomesAnothersOrAnotherKindFallsBackToThatOfAllTenants(int tenant, TrustDomain kind)
            throws Exception {
        Receiver common = fixture.network();
        fixture.partner(0, signed(common), null);
        Receiver own = fixture.network();
        long id = fixture.partner(CallbackFixture.TENANT, signed(own), null);
        decide(new JsonObject().put("level", 4).put("reason", "lost"), "SUSPENDED_DATA");
        gateway.nudge();
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(common.got()).isEmpty();

        register(tenant, id, kind);
        await(gateway.reconcile());
        eventually(() -> assertThat(common.got()).hasSize(1));
        eventually(() -> assertThat(unconfirmed()).isZero());
        assertThat(fixture.count(
                        "SELECT count(*)::int FROM partner WHERE retell_from IS NOT NULL OR retell_tenants <> '{}'"))
                .isZero();
    }

    /** The same partner, told nothing from now on. */
    private void register(int tenant, long id, TrustDomain kind) throws Exception {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(
                        fixture.server(TrustDomain.NETWORK, "own").chain())));
        await(fixture.database.inWorker(connection -> partners.register(
                connection,
                new Partner(
                        tenant,
                        fixture.ids.next(),
                        kind,
                        "network-" + id,
                        Set.of(),
                        List.of(),
                        Optional.empty(),
                        Es2Terms.NONE),
                certificate)));
    }

    private static Connector signed(Receiver receiver) {
        return new Connector.SignedHttp(receiver.url(), Optional.empty());
    }

    private long decide(JsonObject policy, String level) throws Exception {
        long subscription = fixture.ids.next();
        TestDatabase.execute(
                fixture.config,
                ("INSERT INTO decision (vshard, tenant_id, account_id, version, decided_at, level, reason, until_kind, inputs)"
                                + " VALUES (%d, %d, %d, 1, now(), '%s', 'lost', 'NEVER', '{}')")
                        .formatted(Ids.shardOf(subscription), CallbackFixture.TENANT, subscription, level));
        fixture.decide(subscription, 1, policy);
        return subscription;
    }

    private long unconfirmed() {
        return fixture.count("SELECT count(*)::int FROM policy_state WHERE confirmed_version < desired_version");
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }
}
