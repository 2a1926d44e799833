package dev.octroi.charging;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.api.operator.ChargingApi;
import dev.octroi.api.operator.SpendingLimitApi;
import dev.octroi.callback.Receiver;
import dev.octroi.callback.outbox.Outbox;
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
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spending limits as a PCF sees them, and what network functions are told: real TLS, HTTP/2, the real outbox. */
class SpendingLimitTest {
    private static final String CONTRACT = "TS29594_Nchf_SpendingLimitControl.yaml";
    private static final String BASE = "/nchf-spendinglimitcontrol/v1/subscriptions";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ChargingServer server;
    private static QuotaFixture fixture;
    private static Accounts accounts;
    private static Receiver receiver;
    private static Smf pcf;
    private static int port;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server = new ChargingServer(folder);
        fixture = server.fixture;
        port = server.gateway();
        accounts = server.telling();
        receiver = server.listening();
        pcf = new Smf(
                server.consumer(
                        "pcf-1",
                        ChargingProfile.STRICT,
                        List.of(),
                        Set.of(SpendingLimitApi.OPERATION, ChargingApi.OPERATION)),
                fixture);
    }

    @AfterAll
    static void close() throws Exception {
        receiver.close();
        server.close();
    }

    private static PlanTerms slowing() {
        return AccountFixture.terms(
                10 * MB, new AfterQuota.Throttle(new Speed(384, 128)), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    @Test
    void aSubscriberIsToldOfEachChangeOfStatusAndOfNothingElse() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        Smf.Got got = subscribe(context(someone, "a"));
        assertThat(got.status()).isEqualTo(201);
        assertThat(got.location()).startsWith("https://127.0.0.1:" + port + BASE + "/");
        assertThat(statuses(got.body())).containsExactlyInAnyOrder("normal", "unlimited", "allowed");
        JsonObject access = got.body().getJsonObject("statusInfos").getJsonObject("octroi-access");
        assertThat(access.getJsonArray("penPolCounterStatuses").getJsonObject(0).getString("policyCounterStatus"))
                .as("what is known beforehand: the plan ends")
                .isEqualTo("suspended-data");
        use(someone, MB);
        use(someone, 8 * MB);
        use(someone, 2 * MB);
        await().atMost(SOON).untilAsserted(() -> assertThat(told("/a/notify")).hasSize(2));
        JsonObject last = told("/a/notify").getLast();
        Published.check(CONTRACT, "SpendingLimitStatus", last);
        assertThat(statuses(last)).containsExactlyInAnyOrder("exhausted", "kbps-384-128", "allowed");
        assertThat(last.getString("supi")).isEqualTo("imsi-" + someone.imsi());
        assertThat(last.getString("notifId")).isEqualTo("mine");
        submit(someone, new AccountCommand.TopUp(100 * MB, "t-1", "more", AccountFixture.ADMIN));
        await().atMost(SOON).untilAsserted(() -> assertThat(told("/a/notify")).hasSize(3));
        assertThat(statuses(told("/a/notify").getLast())).containsExactlyInAnyOrder("normal", "unlimited", "allowed");
    }

    @Test
    void aSubscriptionWhoseAnswerWasLostIsMadeAndToldOnce() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        Smf.Got first = subscribe(context(someone, "again"));
        JsonObject narrower = context(someone, "again").put("policyCounterIds", new JsonArray().add("octroi-volume"));
        Smf.Got again = subscribe(narrower);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.location()).isEqualTo(first.location());
        assertThat(statuses(again.body())).containsExactly("normal");
        assertThat(subscribe(context(someone, "again").put("notifId", "other")).location())
                .isNotEqualTo(first.location());
        JsonObject unnamed = context(someone, "again");
        unnamed.remove("notifId");
        assertThat(subscribe(unnamed).location())
                .as("who gives no names may want several")
                .isNotEqualTo(subscribe(unnamed).location());
        assertThat(rows(someone, "SELECT count(*) FROM spending_limit WHERE account_id = ?"))
                .isEqualTo(4);
    }

    @Test
    void aSubscriptionThatCannotBeOpenedKeepsNobodyFromMakingAnother() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        Smf.Got first = subscribe(context(someone, "broken"));
        TestDatabase.execute(
                fixture.config,
                "UPDATE spending_limit SET context = set_byte(context, length(context) - 1,"
                        + " get_byte(context, length(context) - 1) # 1) WHERE account_id = "
                        + someone.key().accountId());
        Smf.Got second = subscribe(context(someone, "broken"));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.location()).isNotEqualTo(first.location());
    }

    @Test
    void aSubscriptionIsModifiedAndEnds() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        String path = BASE + "/" + subscribe(context(someone, "b")).ref();
        JsonObject narrower = context(someone, "b")
                .put("supportedFeatures", "1")
                .put("policyCounterIds", new JsonArray().add("octroi-access").add("other"));
        Smf.Got changed = pcf.call(port, "PUT", path, narrower.encode());
        assertThat(changed.status()).isEqualTo(200);
        Published.check(CONTRACT, "SpendingLimitStatus", changed.body());
        assertThat(statuses(changed.body())).containsExactly("allowed");
        assertThat(changed.body().getString("supportedFeatures")).isEqualTo("0");
        Smf stranger = new Smf(
                server.consumer("pcf-2", ChargingProfile.STRICT, List.of(), Set.of(SpendingLimitApi.OPERATION)),
                fixture);
        assertThat(stranger.call(port, "PUT", path, narrower.encode()).status()).isEqualTo(404);
        assertThat(stranger.call(port, "DELETE", path, "").status()).isEqualTo(404);
        assertThat(pcf.call(port, "DELETE", path, "").status()).isEqualTo(204);
        assertThat(pcf.call(port, "DELETE", path, "").body().getString("cause")).isEqualTo("CONTEXT_NOT_FOUND");
        assertThat(pcf.call(port, "PUT", path, narrower.encode()).status()).isEqualTo(404);
    }

    @Test
    void aModificationThatSaysOnlyWhatChangesLeavesTheRestAsItWas() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        JsonObject subscribed = context(someone, "rest");
        String path = BASE + "/" + subscribe(subscribed).ref();
        JsonObject narrower = new JsonObject().put("policyCounterIds", new JsonArray().add("octroi-access"));
        Published.check(CONTRACT, "SpendingLimitContext", narrower);
        Smf.Got changed = pcf.call(port, "PUT", path, narrower.encode());
        assertThat(changed.status()).isEqualTo(200);
        Published.check(CONTRACT, "SpendingLimitStatus", changed.body());
        assertThat(changed.body().getJsonObject("statusInfos").fieldNames()).containsExactly("octroi-access");
        assertThat(changed.body().getString("supi")).isEqualTo(subscribed.getString("supi"));
        assertThat(changed.body().getString("notifId")).isEqualTo(subscribed.getString("notifId"));
        // A creation that comes again meets what is kept, which therefore is as it was.
        assertThat(subscribe(subscribed).location()).endsWith(path);

        TestDatabase.execute(
                fixture.config,
                "UPDATE spending_limit SET context = set_byte(context, length(context) - 1,"
                        + " get_byte(context, length(context) - 1) # 1) WHERE account_id = "
                        + someone.key().accountId());
        Smf.Got broken = pcf.call(port, "PUT", path, narrower.encode());
        assertThat(broken.status()).as("what was kept cannot be read").isEqualTo(400);
        assertThat(broken.body().getString("cause")).isEqualTo("MANDATORY_IE_MISSING");
    }

    @Test
    void whatIsWrongWithASubscriptionIsToldByItsCause() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        assertThat(cause(context(someone, "c").put("policyCounterIds", new JsonArray().add("other"))))
                .isEqualTo("400 UNKNOWN_POLICY_COUNTERS");
        assertThat(cause(context(someone, "c").put("supi", "imsi-208019999999999")))
                .isEqualTo("404 USER_UNKNOWN");
        assertThat(cause(context(someone, "c").put("supi", "nai-x@y"))).isEqualTo("404 USER_UNKNOWN");
        assertThat(cause(context(someone, "c").put("expiry", "2020-01-01T00:00:00Z")))
                .isEqualTo("400 OPTIONAL_IE_INCORRECT");
        for (String uri : List.of("http://pcf", "https://" + "\ud83d\ude00".repeat(2_000), "https://pcf/a b")) {
            assertThat(cause(context(someone, "c").put("notifUri", uri))).isEqualTo("400 MANDATORY_IE_INCORRECT");
        }
        assertThat(cause(context(someone, "c").put("notifId", "a\u0000"))).isEqualTo("400 OPTIONAL_IE_INCORRECT");
        JsonObject nowhere = context(someone, "c");
        nowhere.remove("notifUri");
        assertThat(cause(nowhere)).isEqualTo("400 MANDATORY_IE_MISSING");
        assertThat(pcf.send(port, BASE, "[1").body().getString("cause")).isEqualTo("INVALID_MSG_FORMAT");
    }

    @Test
    void aPlanThatEndsEndsItsSubscriptions() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        subscribe(context(someone, "d"));
        var before = fixture.now.getAndUpdate(now -> now.plus(Duration.ofDays(8)));
        try {
            submit(someone, new AccountCommand.Tick(AccountFixture.ADMIN));
        } finally {
            fixture.now.set(before);
        }
        // The row is dated by the clock of the test, eight days ahead.
        fixture.number("WITH due AS (UPDATE outbox SET next_at = now() - interval '1 second', created_at = now()"
                + " WHERE stream = 'charging' AND next_at > now() RETURNING 1) SELECT count(*) FROM due");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("/d/terminate")).hasSize(1));
        Published.check(
                CONTRACT, "SubscriptionTerminationInfo", told("/d/terminate").getFirst());
        assertThat(told("/d/terminate").getFirst().getString("termCause")).isEqualTo("REMOVED_SUBSCRIBER");
    }

    @Test
    void aSubscriptionOfALostSimEndsAndHearsNothingOfTheNextOne() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        String path = BASE + "/" + subscribe(context(someone, "lost")).ref();
        await(fixture.database.inWorker(
                connection -> server.spending().end(connection, new Outbox(), someone.key(), fixture.now.get())));
        submit(someone, new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "x", AccountFixture.ADMIN));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("/lost/terminate")).hasSize(1));
        Published.check(
                CONTRACT, "SubscriptionTerminationInfo", told("/lost/terminate").getFirst());
        assertThat(told("/lost/terminate").getFirst())
                .isEqualTo(new JsonObject()
                        .put("supi", "imsi-" + someone.imsi())
                        .put("notifId", "mine")
                        .put("termCause", "REMOVED_SUBSCRIBER"));
        assertThat(rows(someone, "SELECT count(*) FROM outbox WHERE (payload->>'account')::bigint = ?"))
                .isEqualTo(1);
        assertThat(pcf.call(port, "PUT", path, context(someone, "lost").encode())
                        .status())
                .isEqualTo(404);
        assertThat(pcf.call(port, "DELETE", path, "").status()).isEqualTo(204);
    }

    @Test
    void whoSubscribesWhileTheSimIsReplacedIsRefused() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        String path = BASE + "/" + subscribe(context(someone, "race")).ref();
        JsonObject context = context(someone, "race");
        try (Connection holder = TestDatabase.connect(fixture.config)) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("UPDATE account_hot SET version = version + 1 WHERE account_id = "
                        + someone.key().accountId());
                CompletableFuture<Smf.Got> created =
                        CompletableFuture.supplyAsync(() -> pcf.send(port, BASE, context.encode()));
                CompletableFuture<Smf.Got> modified =
                        CompletableFuture.supplyAsync(() -> pcf.call(port, "PUT", path, context.encode()));
                await().atMost(SOON)
                        .until(() -> fixture.number("SELECT count(*) FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                                >= 2);
                statement.execute("DELETE FROM account_link WHERE account_id = "
                        + someone.key().accountId());
                holder.commit();
                assertThat(created.get(20, TimeUnit.SECONDS).body().getString("cause"))
                        .isEqualTo("USER_UNKNOWN");
                assertThat(modified.get(20, TimeUnit.SECONDS).body().getString("cause"))
                        .isEqualTo("USER_UNKNOWN");
            }
        }
        assertThat(rows(someone, "SELECT count(*) FROM spending_limit WHERE account_id = ?"))
                .isEqualTo(1);
    }

    @Test
    void aSubscriptionTooManyTakesThePlaceOfTheOldestOfWhoeverHasMost() throws Exception {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        Smf other = new Smf(
                server.consumer("pcf-3", ChargingProfile.STRICT, List.of(), Set.of(SpendingLimitApi.OPERATION)),
                fixture);
        assertThat(other.send(port, BASE, context(someone, "mine").encode()).status())
                .isEqualTo(201);
        for (int i = 0; i < 15; i++) {
            subscribe(context(someone, "leak-" + i));
        }
        assertThat(other.send(port, BASE, context(someone, "mine-2").encode()).status())
                .isEqualTo(201);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("/leak-0/terminate")).hasSize(1));
        Published.check(
                CONTRACT,
                "SubscriptionTerminationInfo",
                told("/leak-0/terminate").getFirst());
        assertThat(told("/leak-0/terminate").getFirst().containsKey("termCause"))
                .as("the subscriber is still there")
                .isFalse();
        assertThat(rows(someone, "SELECT count(*) FROM spending_limit WHERE account_id = ? AND NOT ended"))
                .isEqualTo(16);
        for (int i = 0; i < 20; i++) {
            subscribe(context(someone, "more-" + i));
        }
        assertThat(rows(someone, "SELECT count(*) FROM spending_limit WHERE account_id = ?"))
                .as("those that were ended do not pile up")
                .isLessThanOrEqualTo(33);
        assertThat(rows(
                        someone,
                        "SELECT count(DISTINCT partner_id) FROM spending_limit WHERE account_id = ? AND NOT ended"))
                .as("who has few keeps them")
                .isEqualTo(2);
    }

    @Test
    void whatExpiredADayAgoIsForgottenAlsoWhereNobodySubscribesAgain() {
        ChargingServer.Subscriber gone = server.subscriber(slowing());
        ChargingServer.Subscriber recent = server.subscriber(slowing());
        ChargingServer.Subscriber live = server.subscriber(slowing());
        List.of(gone, recent, live).forEach(each -> subscribe(context(each, "forget")));
        expired(gone, Duration.ofHours(25));
        expired(recent, Duration.ofHours(23));
        assertThat(await(server.limits().forget())).isEqualTo(1);
        String left = "SELECT count(*) FROM spending_limit WHERE account_id = ?";
        assertThat(rows(gone, left)).isZero();
        assertThat(rows(recent, left)).isEqualTo(1);
        assertThat(rows(live, left)).isEqualTo(1);
    }

    private static void expired(ChargingServer.Subscriber someone, Duration ago) {
        TestDatabase.execute(
                fixture.config,
                "UPDATE spending_limit SET expires_at = '" + fixture.now.get().minus(ago) + "' WHERE account_id = "
                        + someone.key().accountId());
    }

    @Test
    void consumersOfSessionsAreToldToAskAgainAndToEnd() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        JsonObject creation =
                pcf.creation(someone.imsi(), 77, Smf.asking(7), Smf.asking(1)).put("notifyUri", url("s"));
        pcf.create(port, creation);
        submit(someone, new AccountCommand.TopUp(100 * MB, "t-1", "more", AccountFixture.ADMIN));
        await().atMost(SOON).untilAsserted(() -> assertThat(told("/s")).hasSize(1));
        submit(
                someone,
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "lost", AccountFixture.ADMIN));
        await().atMost(SOON).untilAsserted(() -> assertThat(told("/s")).hasSize(2));
        told("/s").forEach(body -> Published.check(Smf.CONTRACT, "ChargingNotifyRequest", body));
        assertThat(told("/s"))
                .extracting(body -> body.getString("notificationType"))
                .containsExactly("REAUTHORIZATION", "ABORT_CHARGING");
        assertThat(told("/s").getFirst().getJsonArray("reauthorizationDetails"))
                .as("what an SMF asks for again that looks at nothing else")
                .isEqualTo(new JsonArray("[{\"ratingGroup\":1},{\"ratingGroup\":7}]"));
        assertThat(told("/s").getLast().containsKey("reauthorizationDetails")).isFalse();
    }

    @Test
    void aSilentSessionIsToldToEndUnlessItWasUsedBeforeItCouldBeTold() {
        ChargingServer.Subscriber someone = server.subscriber(
                AccountFixture.terms(10 * MB, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_ORDER)));
        pcf.create(port, pcf.creation(someone.imsi(), 90, Smf.asking(1)).put("notifyUri", url("silent")));
        Smf.Got used =
                pcf.create(port, pcf.creation(someone.imsi(), 91, Smf.asking(1)).put("notifyUri", url("used")));
        var before = fixture.now.getAndUpdate(now -> now.plus(Duration.ofDays(31)));
        TestDatabase.execute(fixture.config, """
                CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
                  $$ BEGIN NEW.next_at := now() + interval '1 hour'; RETURN NEW; END $$;
                CREATE TRIGGER hold BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION hold()""");
        try {
            submit(someone, new AccountCommand.Tick(AccountFixture.ADMIN));
            pcf.update(port, used.ref(), pcf.update(2));
        } finally {
            fixture.now.set(before);
            TestDatabase.execute(fixture.config, "DROP FUNCTION hold CASCADE");
        }
        fixture.number("WITH due AS (UPDATE outbox SET next_at = now() - interval '1 second', created_at = now()"
                + " WHERE stream = 'charging' AND next_at > now() RETURNING 1) SELECT count(*) FROM due");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(told("/silent")).hasSize(1);
            assertThat(told("/used")).hasSize(1);
        });
        assertThat(told("/silent").getFirst().getString("notificationType")).isEqualTo("ABORT_CHARGING");
        assertThat(told("/used").getFirst().getString("notificationType")).isEqualTo("REAUTHORIZATION");
    }

    @Test
    void anAddressThatIsNeitherPublicNorRegisteredIsNotCalled() {
        ChargingServer.Subscriber someone = server.subscriber(slowing());
        String hidden = url("x").replace("127.0.0.1", "localhost");
        pcf.create(port, pcf.creation(someone.imsi(), 78, Smf.asking(1)).put("notifyUri", hidden));
        submit(someone, new AccountCommand.TopUp(100 * MB, "t-1", "more", AccountFixture.ADMIN));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(fixture.number("""
                        SELECT count(*) FROM outbox WHERE stream = 'charging' AND (payload->>'account')::bigint = ?
                          AND last_error LIKE 'address refused%'
                        """, someone.key().accountId()))
                                .isEqualTo(1));
        assertThat(told("/x")).isEmpty();
    }

    private static long rows(ChargingServer.Subscriber someone, String sql) {
        return fixture.number(sql, someone.key().accountId());
    }

    private static Smf.Got subscribe(JsonObject context) {
        Published.check(CONTRACT, "SpendingLimitContext", context);
        Smf.Got got = pcf.send(port, BASE, context.encode());
        assertThat(got.status()).as(got.body().encode()).isEqualTo(201);
        Published.check(CONTRACT, "SpendingLimitStatus", got.body());
        return got;
    }

    private static JsonObject context(ChargingServer.Subscriber someone, String name) {
        return new JsonObject()
                .put("supi", "imsi-" + someone.imsi())
                .put("notifUri", url(name))
                .put("notifId", "mine");
    }

    private static String url(String name) {
        URI base = receiver.url();
        return "https://127.0.0.1:" + base.getPort() + "/" + name;
    }

    private static List<JsonObject> told(String path) {
        return receiver.got().stream()
                .filter(got -> got.path().equals(path))
                .map(Receiver.Got::body)
                .toList();
    }

    private static List<String> statuses(JsonObject status) {
        return status.getJsonObject("statusInfos").stream()
                .map(entry -> ((JsonObject) entry.getValue()).getString("currentStatus"))
                .toList();
    }

    private static String cause(JsonObject context) {
        Smf.Got got = pcf.send(port, BASE, context.encode());
        return got.status() + " " + got.body().getString("cause");
    }

    private static int records;

    private static void use(ChargingServer.Subscriber someone, long bytes) {
        submit(
                someone,
                new AccountCommand.CountUsage(
                        AccountFixture.record("n" + ++records, bytes, fixture.now.get()), AccountFixture.NETWORK));
    }

    private static void submit(ChargingServer.Subscriber someone, AccountCommand command) {
        await(accounts.submit(someone.key(), command));
    }
}
