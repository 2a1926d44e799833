package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.access.ChargingTerms;
import dev.octroi.api.operator.ChargingApi;
import dev.octroi.api.operator.SpendingLimitApi;
import dev.octroi.callback.Receiver;
import dev.octroi.callback.connector.Connector;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is told policies by the notifications of 3GPP: SMF and PCF over HTTP/2, the real outbox. */
class ThreeGppPolicyTest {
    private static final String SUBSCRIPTIONS = "/nchf-spendinglimitcontrol/v1/subscriptions";
    private static final Duration SOON = Duration.ofSeconds(20);

    private ChargingServer server;
    private QuotaFixture fixture;
    private Accounts accounts;
    private Receiver receiver;
    private Smf consumer;
    private ChargingServer.Subscriber someone;
    private int port;
    private long partnerId;
    private final AtomicInteger status = new AtomicInteger(204);

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        server = new ChargingServer(folder);
        fixture = server.fixture;
        port = server.gateway();
        accounts = server.telling();
        receiver = server.listening();
        receiver.answers(
                (request, got) -> request.response().setStatusCode(status.get()).end());
        consumer = new Smf(
                server.consumer(
                        "core",
                        ChargingProfile.STRICT,
                        List.of(),
                        Set.of(SpendingLimitApi.OPERATION, ChargingApi.OPERATION)),
                fixture);
        partnerId = await(server.partners.ofDomain(dev.octroi.pki.TrustDomain.NETWORK))
                .getFirst()
                .id();
        await(fixture.database.inWorker(
                connection -> server.partners.replaceConnector(connection, partnerId, new Connector.ThreeGpp(), null)));
        // Nothing was told over the connector before; to tell all again might meet what these tests decide.
        TestDatabase.execute(fixture.config, "UPDATE partner SET retell_from = NULL");
        PlanTerms slowing = AccountFixture.terms(
                10 * MB, new AfterQuota.Throttle(new Speed(384, 128)), Validity.days(7, Validity.StartMode.ON_ORDER));
        someone = server.subscriber(slowing);
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
        server.close();
    }

    @Test
    void whereNobodyHasASessionThereIsNothingToTellAndThePolicyCounts() {
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        assertThat(receiver.got()).isEmpty();
    }

    @Test
    void aSuspensionCountsWhenSmfAndPcfHaveBothAnswered() {
        session("s", 81);
        subscribe("p");
        status.set(503);
        suspend();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(bodies("/s")).isNotEmpty();
            assertThat(bodies("/p/notify")).isNotEmpty();
            assertThat(error()).isEqualTo("2 notifications of sessions are not answered yet");
        });
        assertThat(confirmed()).isLessThan(desired());
        status.set(204);
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        assertThat(bodies("/s").getLast().getString("notificationType")).isEqualTo("ABORT_CHARGING");
        assertThat(bodies("/p/notify").getLast().encode()).contains("suspended-data");
    }

    @Test
    void aRefusedNotificationIsSentAgainUntilItIsTaken() {
        session("s", 82);
        status.set(403);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(bodies("/s")).hasSizeGreaterThan(2));
        assertThat(confirmed()).isLessThan(desired());
        status.set(204);
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
    }

    @Test
    void aConsumerThatDoesNotKnowTheSessionAnyMoreHoldsNothingUp() {
        session("s", 83);
        status.set(404);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        assertThat(bodies("/s")).hasSize(1);
    }

    @Test
    void aSuspensionCountsWhenASessionThatCannotBeToldHoldsNothingAnyMore() throws Exception {
        JsonObject creation = consumer.creation(someone.imsi(), 87, Smf.asking(1));
        creation.remove("notifyUri");
        assertThat(consumer.create(port, creation).granted(0)).isPositive();
        granted("now() + interval '1 hour'");
        suspend();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(error()).isEqualTo("1 sessions without an address may use what they were granted"));
        assertThat(confirmed()).isLessThan(desired());
        granted("now() - interval '1 second'");
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        granted("now() + interval '1 hour'");
        lift();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
    }

    @Test
    void aSuspensionOfAConsumerThatHearsNothingButRatingGroupsCountsWhenItHasReported() {
        free5gc();
        String ref = session("s", 88);
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        suspend();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(error()).isEqualTo("1 sessions have not reported since their consumer was told"));
        assertThat(bodies("/s").getLast())
                .isEqualTo(new JsonObject()
                        .put("notificationType", "ABORT_CHARGING")
                        .put("reauthorizationDetails", new JsonArray().add(new JsonObject().put("ratingGroup", 1))));
        assertThat(confirmed()).isLessThan(desired());
        fixture.now.updateAndGet(now -> now.plusSeconds(1));
        JsonObject report = consumer.used(1, 0, 0, 1_000).put("requestedUnit", new JsonObject());
        Smf.Got denied = consumer.update(port, ref, consumer.update(0, report));
        assertThat(denied.group(0).getString("resultCode")).isEqualTo("END_USER_SERVICE_DENIED");
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
    }

    @Test
    void aConsumerThatHearsNothingButRatingGroupsAndDoesNotKnowTheSessionAnyMoreHoldsNothingUp() {
        free5gc();
        session("s", 89);
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        status.set(404);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
    }

    @Test
    void aConsumerThatHearsNothingButRatingGroupsAndHasNoneHoldsNothingUp() {
        free5gc();
        JsonObject creation = consumer.creation(someone.imsi(), 90).put("notifyUri", url("s"));
        assertThat(consumer.create(port, creation).status()).isEqualTo(201);
        fixture.now.updateAndGet(now -> now.plusSeconds(60));
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        assertThat(bodies("/s").getLast()).isEqualTo(new JsonObject().put("notificationType", "ABORT_CHARGING"));
    }

    private void free5gc() {
        await(fixture.database.inWorker(connection -> server.partners.replaceCharging(
                connection, partnerId, new ChargingTerms(ChargingProfile.FREE5GC.word(), Set.of("127.0.0.1"), false))));
    }

    private void granted(String until) throws Exception {
        TestDatabase.execute(
                fixture.config, "UPDATE charging_session SET promised_bytes = 1000000, grants_until = " + until);
    }

    @Test
    void aSuspensionThatIsLiftedBeforeTheSmfCouldBeToldEndsNoSession() {
        session("s", 84);
        List<String> taken = taken();
        status.set(503);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(bodies("/s")).isNotEmpty());
        assertThat(bodies("/s").getFirst().getString("notificationType")).isEqualTo("ABORT_CHARGING");
        lift();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bodies("/s").getLast().getString("notificationType"))
                        .isEqualTo("REAUTHORIZATION"));
        status.set(204);
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        assertThat(taken).isNotEmpty().containsOnly("REAUTHORIZATION");
    }

    @Test
    void whereTheVolumeIsUsedUpWhenASuspensionIsLiftedTheSessionWaitsForATopUp() {
        someone = server.subscriber(
                AccountFixture.terms(10 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        session("s", 86);
        List<String> taken = taken();
        status.set(503);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(bodies("/s")).isNotEmpty());
        assertThat(bodies("/s").getFirst().getString("notificationType")).isEqualTo("ABORT_CHARGING");
        await(accounts.submit(
                someone.key(),
                new AccountCommand.CountUsage(
                        AccountFixture.record("last", 10 * MB, fixture.now.get()), AccountFixture.NETWORK)));
        lift();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bodies("/s").getLast().getString("notificationType"))
                        .isEqualTo("REAUTHORIZATION"));
        status.set(204);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fixture.number(
                                "SELECT count(*) FROM outbox WHERE stream = 'charging' AND state = 'pending'"))
                        .isZero());
        assertThat(taken).isNotEmpty().containsOnly("REAUTHORIZATION");
    }

    @Test
    void afterASessionWasOnceToBeEndedByForceItsLaterNotificationsStillCount() throws Exception {
        session("s", 85);
        suspend();
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
        // As left by a suspension that stayed unconfirmed for long, told in the end to an SMF that kept the session.
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, payload, state, attempts,"
                        + " created_at, next_at, done_at, last_status)"
                        + " SELECT tenant_id, vshard, id + 256, stream, endpoint_id, key, (1::bigint << 40) + 1, payload, state,"
                        + " attempts, created_at - interval '1 minute', next_at, done_at, last_status FROM outbox WHERE stream = 'charging'");
        status.set(503);
        lift();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(error()).isEqualTo("1 notifications of sessions are not answered yet"));
        assertThat(confirmed()).isLessThan(desired());
        status.set(403);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(error()).isEqualTo("1 notifications of sessions were refused or given up"));
        assertThat(confirmed()).isLessThan(desired());
        status.set(204);
        await().atMost(SOON).untilAsserted(() -> assertThat(confirmed()).isEqualTo(desired()));
    }

    /** The types of the notifications that are answered 204. */
    private List<String> taken() {
        List<String> taken = new CopyOnWriteArrayList<>();
        receiver.answers((request, got) -> {
            if (status.get() == 204) {
                taken.add(got.body().getString("notificationType"));
            }
            request.response().setStatusCode(status.get()).end();
        });
        return taken;
    }

    private String session(String name, long chargingId) {
        Smf.Got got = consumer.create(
                port,
                consumer.creation(someone.imsi(), chargingId, Smf.asking(1)).put("notifyUri", url(name)));
        assertThat(got.status()).isEqualTo(201);
        return got.ref();
    }

    private void subscribe(String name) {
        JsonObject context =
                new JsonObject().put("supi", "imsi-" + someone.imsi()).put("notifUri", url(name));
        assertThat(consumer.send(port, SUBSCRIPTIONS, context.encode()).status())
                .isEqualTo(201);
    }

    private void suspend() {
        await(accounts.submit(
                someone.key(),
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "lost", AccountFixture.ADMIN)));
    }

    private void lift() {
        await(accounts.submit(
                someone.key(),
                new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, "found", AccountFixture.ADMIN)));
    }

    private String url(String name) {
        return "https://127.0.0.1:" + receiver.url().getPort() + "/" + name;
    }

    private List<JsonObject> bodies(String path) {
        return receiver.got().stream()
                .filter(got -> got.path().equals(path))
                .map(Receiver.Got::body)
                .toList();
    }

    private long desired() {
        return fixture.number("SELECT desired_version FROM policy_state");
    }

    private long confirmed() {
        return fixture.number("SELECT confirmed_version FROM policy_state");
    }

    private String error() {
        return await(fixture.database.inWorker(connection -> connection
                .query("SELECT last_error FROM policy_state")
                .execute()
                .map(rows -> rows.iterator().next().getString(0))));
    }
}
