package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.api.operator.SpendingLimitApi;
import dev.octroi.callback.Receiver;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moves policy counters without a word to the traveller, as a PCF hears of it: real TLS, HTTP/2, the real outbox. */
class SpendingCountersTest {
    private static final String BASE = "/nchf-spendinglimitcontrol/v1/subscriptions";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", "jti-2");

    private static ChargingServer server;
    private static QuotaFixture fixture;
    private static Accounts accounts;
    private static Receiver receiver;
    private static Smf pcf;
    private static int port;
    private static int records;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server = new ChargingServer(folder);
        fixture = server.fixture;
        port = server.gateway();
        accounts = server.telling();
        receiver = server.listening();
        pcf = new Smf(
                server.consumer("pcf-1", ChargingProfile.STRICT, List.of(), Set.of(SpendingLimitApi.OPERATION)),
                fixture);
    }

    @AfterAll
    static void close() throws Exception {
        receiver.close();
        server.close();
    }

    private static PlanTerms stopping() {
        return AccountFixture.terms(10 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    @Test
    void renewalOfAVolumeThatWasLowIsTold() {
        ChargingServer.Subscriber someone = server.subscriber(stopping().with(new Renewal(Renewal.Every.DAY, 0)));
        use(someone, 9 * MB);
        assertThat(volume(subscribe(someone, "renewed"))).isEqualTo("low");
        // The longest day there is.
        later(Duration.ofHours(25), () -> submit(someone, new AccountCommand.Tick(ADMIN)));
        assertThat(volume(first("/renewed/notify"))).isEqualTo("normal");
    }

    @Test
    void expiryOfATopUpIsToldWhereItLeavesLittle() {
        ChargingServer.Subscriber someone = server.subscriber(stopping());
        submit(someone, new AccountCommand.TopUp(new Grant(100 * MB, 0, 1, "t-1", "more", List.of()), ADMIN));
        // The top-up ends first and is spent first; one byte less than all of it.
        use(someone, 100 * MB - 1);
        use(someone, 9 * MB);
        submit(someone, new AccountCommand.TopUp(new Grant(100 * MB, 0, 1, "t-2", "more", List.of()), ADMIN));
        assertThat(volume(subscribe(someone, "expired"))).isEqualTo("normal");
        later(Duration.ofDays(2), () -> submit(someone, new AccountCommand.Tick(ADMIN)));
        assertThat(volume(first("/expired/notify"))).isEqualTo("low");
    }

    @Test
    void exhaustionIsToldToWhoeverIsChargedFromThenOn() {
        ChargingServer.Subscriber someone =
                server.subscriber(stopping().with(new Overage("EUR", 10_000, 8_000, 5_000)));
        use(someone, 9 * MB);
        submit(someone, new AccountCommand.AgreeOverage(0, "words", TRAVELLER));
        assertThat(volume(subscribe(someone, "charged"))).isEqualTo("low");
        use(someone, MB);
        JsonObject told = first("/charged/notify");
        assertThat(volume(told)).isEqualTo("exhausted");
        assertThat(status(told, "octroi-access")).isEqualTo("allowed");
    }

    @Test
    void memberOfASharedPlanHearsThatItsOwnerBoughtDaysAndVolume() {
        ChargingServer.Subscriber owner = server.subscriber(stopping().with(new Sharing(2, 0, null)));
        ChargingServer.Subscriber child = server.member(owner);
        use(owner, 9 * MB);
        JsonObject before = subscribe(child, "member");
        assertThat(volume(before)).isEqualTo("low");
        submit(owner, new AccountCommand.TopUp(new Grant(100 * MB, 3, 0, "t-1", "more", List.of()), ADMIN));
        JsonObject told = first("/member/notify");
        assertThat(volume(told)).isEqualTo("normal");
        assertThat(endOf(told)).as("the pending end moves with the plan").isEqualTo(daysAfter(endOf(before), 3));
        submit(owner, new AccountCommand.TopUp(new Grant(0, 2, 0, "t-2", "days", List.of()), ADMIN));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("/member/notify")).hasSize(2));
        assertThat(endOf(told("/member/notify").getLast())).isEqualTo(daysAfter(endOf(before), 5));
    }

    @Test
    void volumeIsWhatMayBeSpentWhereTheTravellerIs() {
        ZoneTariff swiss = new ZoneTariff("CH", "Switzerland", Set.of(), 5 * MB, 30_000L);
        ChargingServer.Subscriber someone = server.subscriber(
                stopping().with(new Overage("EUR", 10_000, 8_000, 5_000)).with(List.of(swiss)));
        submit(someone, new AccountCommand.TopUp(new Grant(5 * MB, 0, 0, "t-1", "alps", List.of("CH")), ADMIN));
        use(someone, 10 * MB);
        assertThat(volume(subscribe(someone, "border"))).as("in France").isEqualTo("exhausted");
        submit(
                someone,
                new AccountCommand.ReportLocation(
                        "228-01", "CH", null, null, null, fixture.now.get().plusSeconds(1), NETWORK));
        assertThat(volume(first("/border/notify"))).as("in Switzerland").isEqualTo("normal");
    }

    @Test
    void changeOfTheAccountDuringASubscriptionIsInItsAnswer() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(stopping());
        AccountKey key = someone.key();
        try (Connection writer = TestDatabase.connect(fixture.config);
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("SET ROLE octroi_worker");
            statement.execute("UPDATE account_hot SET version = version + 1 WHERE account_id = " + key.accountId());
            statement.execute("UPDATE account SET level = 'SUSPENDED_DATA' WHERE id = " + key.accountId());
            CompletableFuture<JsonObject> answer = CompletableFuture.supplyAsync(() -> subscribe(someone, "raced"));
            await().atMost(SOON).until(() -> answer.isDone() || isWaitedFor());
            writer.commit();
            assertThat(status(answer.join(), "octroi-access")).isEqualTo("suspended-data");
        }
    }

    private static boolean isWaitedFor() {
        return fixture.number("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                > 0;
    }

    /** Does something while the clock is ahead, and lets what it left be sent now. */
    private static void later(Duration ahead, Runnable act) {
        Instant before = fixture.now.getAndUpdate(now -> now.plus(ahead));
        try {
            act.run();
        } finally {
            fixture.now.set(before);
        }
        fixture.number("WITH due AS (UPDATE outbox SET next_at = now() - interval '1 second', created_at = now()"
                + " WHERE stream = 'charging' AND next_at > now() RETURNING 1) SELECT count(*) FROM due");
    }

    private static JsonObject subscribe(ChargingServer.Subscriber someone, String name) {
        JsonObject context = new JsonObject()
                .put("supi", "imsi-" + someone.imsi())
                .put("notifUri", "https://127.0.0.1:" + receiver.url().getPort() + "/" + name);
        Smf.Got got = pcf.send(port, BASE, context.encode());
        assertThat(got.status()).as(got.body().encode()).isEqualTo(201);
        return got.body();
    }

    private static JsonObject first(String path) {
        await().atMost(SOON).untilAsserted(() -> assertThat(told(path)).hasSize(1));
        return told(path).getFirst();
    }

    private static List<JsonObject> told(String path) {
        return receiver.got().stream()
                .filter(got -> got.path().equals(path))
                .map(Receiver.Got::body)
                .toList();
    }

    private static String volume(JsonObject body) {
        return status(body, "octroi-volume");
    }

    private static String status(JsonObject body, String counter) {
        return body.getJsonObject("statusInfos").getJsonObject(counter).getString("currentStatus");
    }

    /** Days are those of the traveller's calendar. */
    private static Instant daysAfter(Instant end, int days) {
        return end.atZone(AccountFixture.PARIS).plusDays(days).toInstant();
    }

    private static Instant endOf(JsonObject body) {
        JsonArray pending =
                body.getJsonObject("statusInfos").getJsonObject("octroi-access").getJsonArray("penPolCounterStatuses");
        return Instant.parse(pending.getJsonObject(0).getString("activationTime"));
    }

    private static void use(ChargingServer.Subscriber someone, long bytes) {
        UsageRecord record = AccountFixture.record("n" + ++records, bytes, fixture.now.get());
        submit(someone, new AccountCommand.CountUsage(record, NETWORK));
    }

    private static void submit(ChargingServer.Subscriber someone, AccountCommand command) {
        await(accounts.submit(someone.key(), command));
    }
}
