package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.RecordName;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.support.AlarmReport;
import dev.octroi.support.Alarms;
import dev.octroi.testing.Midnight;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportApiTest {
    private static final int TENANT = 1;
    private static final String SUPPORT = "1/ada/cases:read cases:write";
    private static final String STRANGER = "2/eve/cases:read cases:write";
    private static final String OPERATOR = "0/root/cases:read cases:write";

    private static AdminServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        dev.octroi.testing.TestDatabase.execute(
                server.config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One'), ('two', 'Two')");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void alarmLeadsToACaseThatIsSettledOnItsEvidence() throws Exception {
        drained(new Actor(Actor.Kind.RESELLER, "shop", null));
        JsonObject alarm = get(SUPPORT, "/alarms?status=open&limit=1")
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(alarm.getString("kind")).isEqualTo("night");
        String path = "/cases/" + alarm.getString("caseId");
        assertThat(get(SUPPORT, path).getString("status")).isEqualTo("open");
        String another = PublicId.SUBSCRIPTION.format(server.subscription(TENANT));
        for (String list : List.of("/alarms", "/cases")) {
            String query = list + "?status=open&subscriptionId=";
            assertThat(get(SUPPORT, query + alarm.getString("subscriptionId")).getJsonArray("items"))
                    .as(list)
                    .hasSize(1);
            assertThat(get(SUPPORT, query + another).getJsonArray("items"))
                    .as(list)
                    .isEmpty();
            assertThat(get(OPERATOR, query + alarm.getString("subscriptionId")).getJsonArray("items"))
                    .as(list)
                    .hasSize(1);
        }

        JsonObject evidence = get(SUPPORT, path + "/evidence");
        assertThat(evidence.getJsonObject("finding").getLong("suggestedCreditBytes"))
                .isEqualTo(418_000_000);
        assertThat(evidence.getJsonObject("finding").getJsonObject("sentences").fieldNames())
                .containsExactlyInAnyOrder("en", "fr", "zh");
        assertThat(evidence.getJsonArray("decisions")).isNotEmpty();
        assertThat(evidence.getJsonArray("callbacks")).isNotEmpty();
        assertThat(evidence.getJsonObject("dataQuality").getInteger("records")).isEqualTo(1);
        assertThat(evidence.getJsonArray("usage")).hasSize(1);
        assertThat(evidence.getJsonArray("records").getJsonObject(0).getString("record"))
                .as("the feed's own key may be a number of the traveller's")
                .isEqualTo(RecordName.of(
                        AccountFixture.record("r1", 1, Instant.now()).source(), "r1"));

        JsonObject settlement = new JsonObject()
                .put("creditBytes", 418_000_000)
                .put("lift", true)
                .put("reason", "An app uploaded by night");
        HttpResponse<Buffer> first = server.call(SUPPORT, HttpMethod.POST, path + "/settle", settlement);
        HttpResponse<Buffer> second = server.call(SUPPORT, HttpMethod.POST, path + "/settle", settlement);
        HttpResponse<Buffer> other = server.call(
                SUPPORT, HttpMethod.POST, path + "/settle", settlement.copy().put("creditBytes", 1));
        assertThat(first.statusCode()).as(first.bodyAsString()).isEqualTo(200);
        assertThat(first.bodyAsJsonObject().getString("resolution")).isEqualTo("credited_and_lifted");
        assertThat(second.bodyAsString()).isEqualTo(first.bodyAsString());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(get(SUPPORT, "/cases?status=resolved").getJsonArray("items")).isNotEmpty();
    }

    @Test
    void evidenceOfASharedVolumeSaysWhoTookWhatSinceWhenAndNamesNobodyElse() throws Exception {
        Midnight.notDuringTheTestIn(AccountFixture.PARIS);
        AdminServer.Family family = server.family(TENANT);
        AccountReader reader = new AccountReader(server.database, InstantSource.system());
        AccountKey owner = QuotaFixture.await(reader.keyOfSubscription(TENANT, family.owner()))
                .orElseThrow();
        AccountKey member = QuotaFixture.await(reader.keyOfSubscription(TENANT, family.member()))
                .orElseThrow();
        Instant now = Instant.now();
        count(owner, "o1", 100_000_000, now);
        count(member, "m1", 30_000_000, now);
        QuotaFixture.await(server.accounts.submit(
                member,
                new AccountCommand.SetMemberCap(
                        new MemberCap(500_000_000, MemberCap.Window.WEEK), AccountFixture.ADMIN)));
        String path = "/cases/" + opened(member, family.member(), now) + "/evidence";
        JsonObject ofMember = get(SUPPORT, path);
        JsonObject shared = ofMember.getJsonObject("shared");
        assertThat(shared.getString("role")).isEqualTo("member");
        JsonObject first = shared.getJsonArray("members").getJsonObject(0);
        assertThat(first.getString("name")).isEqualTo("owner");
        assertThat(first.getBoolean("isSubject")).isFalse();
        assertThat(first.getLong("usedBytes")).isEqualTo(100_000_000);
        JsonObject second = shared.getJsonArray("members").getJsonObject(1);
        assertThat(second.getString("name")).isEqualTo("member-1");
        assertThat(second.getBoolean("isSubject")).isTrue();
        assertThat(second.getLong("usedBytes")).isEqualTo(30_000_000);
        assertThat(second.getString("joinedAt")).isNotBlank();
        assertThat(second.getJsonObject("cap").getLong("usedBytes")).isEqualTo(30_000_000);
        assertThat(ofMember.encode())
                .contains(PublicId.SUBSCRIPTION.format(family.member()))
                .doesNotContain(PublicId.SUBSCRIPTION.format(family.owner()));

        QuotaFixture.await(
                server.accounts.submit(member, new AccountCommand.LeaveShared("moved out", AccountFixture.ADMIN)));
        JsonObject ofOwner = get(SUPPORT, "/cases/" + opened(owner, family.owner(), now) + "/evidence");
        assertThat(ofOwner.encode())
                .as("joining and leaving are told, without who it was")
                .contains("member.joined", "member.left", "former-member")
                .doesNotContain(PublicId.SUBSCRIPTION.format(family.member()));
        assertThat(get(SUPPORT, path).getJsonObject("shared").getString("leftAt"))
                .isNotBlank();
    }

    private static void count(AccountKey key, String record, long bytes, Instant at) {
        QuotaFixture.await(server.accounts.submit(
                key, new AccountCommand.CountUsage(AccountFixture.record(record, bytes, at), AccountFixture.NETWORK)));
    }

    @Test
    void otherTenantsSeeNothingAndTheOperatorSeesAll() throws Exception {
        drained(AccountFixture.ADMIN);
        String id = get(OPERATOR, "/cases?status=open&limit=1")
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        assertThat(get(STRANGER, "/cases").getJsonArray("items")).isEmpty();
        assertThat(get(STRANGER, "/alarms").getJsonArray("items")).isEmpty();
        for (String path : List.of("/cases/" + id, "/cases/" + id + "/evidence")) {
            assertThat(server.call(STRANGER, HttpMethod.GET, path, null).statusCode())
                    .isEqualTo(404);
            assertThat(server.call(OPERATOR, HttpMethod.GET, path, null).statusCode())
                    .isEqualTo(200);
        }
        assertThat(server.call(
                                STRANGER,
                                HttpMethod.POST,
                                "/cases/" + id + "/settle",
                                new JsonObject().put("reason", "Mine?"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void settlementOfATenantStaysWithinItsTargetsAndLeavesWhatTheOperatorHolds() throws Exception {
        String path = "/cases/" + drained(AccountFixture.ADMIN) + "/settle";
        JsonObject lift = new JsonObject().put("lift", true).put("reason", "We know the traveller");
        HttpResponse<Buffer> refused = server.call(SUPPORT, HttpMethod.POST, path, lift);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("not_allowed");
        String limited = SUPPORT + "/action:notify";
        JsonObject credit = new JsonObject().put("creditBytes", 1_000).put("reason", "Sorry");
        for (JsonObject body : List.of(lift, credit)) {
            HttpResponse<Buffer> outside = server.call(limited, HttpMethod.POST, path, body);
            assertThat(outside.statusCode()).as(body.encode()).isEqualTo(403);
            assertThat(outside.bodyAsJsonObject().getString("code")).isEqualTo("outside_targets");
        }
        assertThat(server.call(SUPPORT, HttpMethod.POST, path, credit).statusCode())
                .isEqualTo(200);
    }

    /** What people paste is kept nowhere: nobody can take it out of a chain again, and travellers and resellers read it. */
    @Test
    void numbersOfCardsInReasonsAreBlackenedWhereverTheyAreKept() throws Exception {
        String iccid = "8933150320000000012";
        JsonObject body = new JsonObject().put("reason", "SIM " + iccid + " was reported, IMEI 356938035643809");
        long subscription = server.subscription(TENANT);
        String account = "/tenants/" + PublicId.TENANT.format(TENANT) + "/subscriptions/"
                + PublicId.SUBSCRIPTION.format(subscription);
        String manager = "0/root/policies:write cases:write cases:read";
        for (String act : List.of("/suspend", "/resume", "/credit")) {
            JsonObject wish = act.equals("/credit") ? body.copy().put("bytes", 1_000) : body;
            HttpResponse<Buffer> done = server.call(manager, HttpMethod.POST, account + act, wish);
            assertThat(done.statusCode()).as(act + done.bodyAsString()).isEqualTo(200);
        }
        String path = "/cases/" + drained(AccountFixture.ADMIN);
        HttpResponse<Buffer> settled = server.call(
                manager,
                HttpMethod.POST,
                path + "/settle",
                body.copy().put("creditBytes", 1_000).put("lift", true));
        assertThat(settled.bodyAsJsonObject().getString("reason"))
                .isEqualTo("SIM [redacted] was reported, IMEI [redacted]");
        assertThat(get(manager, path + "/evidence").encode()).doesNotContain(iccid);
        for (String table : List.of("audit", "event", "support_case", "restriction_log", "decision", "bucket")) {
            assertThat(dev.octroi.testing.TestDatabase.rows(
                            server.config,
                            "SELECT t::text FROM " + table + " t WHERE t::text ~ '" + iccid + "|3569380356'"))
                    .as(table)
                    .isEmpty();
        }
    }

    @Test
    void settlementNeedsItsScopeAndAReason() throws Exception {
        String path = "/cases/" + PublicId.CASE.format(1) + "/settle";
        JsonObject body = new JsonObject().put("lift", true);
        assertThat(server.call(
                                "1/ada/cases:read",
                                HttpMethod.POST,
                                path,
                                body.copy().put("reason", "x"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.call(SUPPORT, HttpMethod.POST, path, body).statusCode())
                .isEqualTo(400);
        assertThat(server.call(SUPPORT, HttpMethod.POST, path, body.copy().put("reason", "  "))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void questionOpensACaseWithItsEvidenceThatIsSettledLikeAnyOther() throws Exception {
        long subscription = server.subscription(TENANT);
        AccountKey key = QuotaFixture.await(new AccountReader(server.database, InstantSource.system())
                        .keyOfSubscription(TENANT, subscription))
                .orElseThrow();
        QuotaFixture.await(server.accounts.submit(
                key, new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "Drains", AccountFixture.ADMIN)));
        String path = "/tenants/" + PublicId.TENANT.format(TENANT) + "/subscriptions/"
                + PublicId.SUBSCRIPTION.format(subscription);
        JsonObject body = new JsonObject().put("summary", "Not my use.\nThe card is 8933150320000000012.");

        HttpResponse<Buffer> opened = server.call(OPERATOR, HttpMethod.POST, path + "/cases", body, "ask-1", null);
        HttpResponse<Buffer> again = server.call(OPERATOR, HttpMethod.POST, path + "/cases", body, "ask-1", null);

        assertThat(opened.statusCode()).as(opened.bodyAsString()).isEqualTo(201);
        assertThat(again.getHeader("Idempotency-Replayed")).isEqualTo("true");
        JsonObject question = opened.bodyAsJsonObject();
        assertThat(question.getString("kind")).isEqualTo("question");
        assertThat(question.getString("openedBy")).isEqualTo("support:root");
        assertThat(question.getString("summary")).isEqualTo("Not my use.\nThe card is [redacted].");
        String of = "/cases/" + question.getString("id");
        assertThat(opened.getHeader("Location")).isEqualTo("/admin/v1" + of);
        assertThat(get(OPERATOR, "/cases?status=open&limit=1").getJsonArray("items"))
                .containsExactly(question);
        JsonObject evidence = get(SUPPORT, of + "/evidence");
        assertThat(evidence.getJsonArray("events").encode()).contains("case.opened");
        assertThat(evidence.getJsonArray("decisions")).isNotEmpty();
        HttpResponse<Buffer> settled = server.call(
                OPERATOR,
                HttpMethod.POST,
                of + "/settle",
                new JsonObject().put("lift", true).put("reason", "Our mistake"));
        assertThat(settled.statusCode()).as(settled.bodyAsString()).isEqualTo(200);
        assertThat(settled.bodyAsJsonObject().getString("resolution")).isEqualTo("lifted");
        assertThat(QuotaFixture.await(new AccountReader(server.database, InstantSource.system())
                                .view(TENANT, key.accountId()))
                        .orElseThrow()
                        .restrictions())
                .isEmpty();
        assertThat(server.call(STRANGER, HttpMethod.POST, path + "/cases", body).statusCode())
                .isEqualTo(404);
        assertThat(server.call("1/ada/cases:read", HttpMethod.POST, path + "/cases", body)
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.call(SUPPORT, HttpMethod.POST, path + "/cases", new JsonObject().put("summary", " \n "))
                        .statusCode())
                .isEqualTo(400);
    }

    private static JsonObject get(String credential, String path) throws Exception {
        HttpResponse<Buffer> response = server.call(credential, HttpMethod.GET, path, null);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    /** A subscription that somebody suspended for a drain; its case. */
    private static String drained(Actor by) {
        Instant now = Instant.now();
        long accountId = server.ids.next();
        AccountKey key = new AccountKey(TENANT, accountId);
        short shard = key.vshard();
        long subscription = server.ids.next(shard);
        NewAccount account =
                new NewAccount(key, subscription, AccountFixture.france(), AccountFixture.PARIS, now.minusSeconds(600));
        QuotaFixture.await(
                server.database.inTenant(TENANT, connection -> new AccountStore().open(connection, account)));
        QuotaFixture.await(server.accounts.submit(
                key,
                new AccountCommand.CountUsage(AccountFixture.record("r1", 420_000_000, now), AccountFixture.NETWORK)));
        QuotaFixture.await(server.accounts.submit(
                key, new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "Data drains away", by)));
        return opened(key, subscription, now);
    }

    /** A case of a subscription; its public id. */
    private static String opened(AccountKey key, long subscription, Instant now) {
        short shard = key.vshard();
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                2,
                now.getEpochSecond() - 7_200,
                new ByteRange(0, 2_000_000),
                420_000_000,
                418_000_000,
                Category.CLOUD,
                "FR",
                List.of(),
                0.9,
                1,
                false);
        long caseId = server.ids.next(shard);
        AlarmReport report = new AlarmReport(TENANT, server.ids.next(shard), caseId, subscription, alarm, now);
        assertThat(Ids.shardOf(subscription)).isEqualTo(shard);
        QuotaFixture.await(server.database.inWorker(connection -> new Alarms().open(connection, List.of(report))));
        return PublicId.CASE.format(caseId);
    }
}
