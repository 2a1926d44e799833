package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.quota.account.RecordName;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage records that could not be counted, as an admin sees and resolves them. */
class QuarantineApiTest {
    private static final String OPERATOR = "0/root/usage:read usage:write";
    private static final String TENANT = "1/ada/usage:read usage:write";
    private static final String STRANGER = "2/eve/usage:read usage:write";

    private static AdminServer server;
    private static long account;
    private static int serial;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        TestDatabase.execute(
                server.config,
                "INSERT INTO tenant (slug, name) VALUES ('one', 'One')",
                "INSERT INTO tenant (slug, name) VALUES ('two', 'Two')");
        account = number("SELECT id FROM account WHERE subscription_id = " + server.subscription(1));
        TestDatabase.execute(server.config, """
                INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)
                SELECT 'IMSI', decode(repeat('ab', 16), 'hex'), vshard, tenant_id, id FROM account WHERE id = %d
                """.formatted(account));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aTenantSeesItsOwnRecordsAndTheOperatorAllOfThem() throws Exception {
        String own = kept(1, "ab");
        String nobodys = kept(0, "cd");
        assertThat(keys(TENANT, "")).contains(own).doesNotContain(nobodys);
        assertThat(keys(STRANGER, "")).doesNotContain(own, nobodys);
        assertThat(keys(OPERATOR, "")).contains(own, nobodys);
        assertThat(call(STRANGER, HttpMethod.GET, path(own)).statusCode()).isEqualTo(404);
        assertThat(call(TENANT, HttpMethod.GET, path(nobodys)).statusCode()).isEqualTo(404);
        JsonObject shown = call(TENANT, HttpMethod.GET, path(own)).bodyAsJsonObject();
        assertThat(shown.getString("status")).isEqualTo("waiting");
        assertThat(shown.getLong("downBytes")).isEqualTo(4_000);
        assertThat(shown.encode()).as("neither subscriber nor device").doesNotContain("abab", "5e5e", "deviceHash");
        assertThat(call(OPERATOR, HttpMethod.GET, path(nobodys))
                        .bodyAsJsonObject()
                        .getString("tenantId"))
                .isNull();
    }

    @Test
    void pagesFollowOneAnotherWithoutAGap() throws Exception {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            kept.add(kept(1, "ab"));
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonObject page = call(TENANT, HttpMethod.GET, "/usage-quarantine?limit=2" + after)
                    .bodyAsJsonObject();
            page.getJsonArray("items").forEach(each -> seen.add(((JsonObject) each).getString("key")));
            after = page.getString("next") == null ? "" : "&after=" + page.getString("next");
        } while (!after.isEmpty());
        assertThat(seen).containsAll(kept).doesNotHaveDuplicates();
    }

    @Test
    void aReleasedRecordIsCountedOnceHoweverOftenItIsReleased() throws Exception {
        String key = kept(1, "ab");
        long before = used();
        HttpResponse<Buffer> released = resolve(TENANT, key, "release");
        assertThat(released.bodyAsJsonObject().getString("status")).isEqualTo("released");
        assertThat(used()).isEqualTo(before + 5_000);
        assertThat(resolve(TENANT, key, "release").statusCode()).isEqualTo(200);
        assertThat(used()).isEqualTo(before + 5_000);
        assertThat(audited(1, "usage.quarantine_released", key)).isEqualTo(1);
        assertThat(keys(TENANT, "?status=released")).contains(key);
        HttpResponse<Buffer> late = resolve(TENANT, key, "drop");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.bodyAsJsonObject().getString("code")).isEqualTo("already_released");
    }

    @Test
    void aReleaseThatBrokeOffAfterTheCountIsOnlyNoted() throws Exception {
        String key = kept(1, "ab");
        assertThat(resolve(TENANT, key, "release").statusCode()).isEqualTo(200);
        long after = used();
        TestDatabase.execute(
                server.config, "UPDATE quarantine SET resolution = NULL, resolved_at = NULL WHERE key = '" + key + "'");
        assertThat(resolve(TENANT, key, "release").bodyAsJsonObject().getString("status"))
                .isEqualTo("released");
        assertThat(used()).isEqualTo(after);
    }

    @Test
    void aDroppedRecordIsNeverCounted() throws Exception {
        String key = kept(1, "ab");
        long before = used();
        assertThat(resolve(TENANT, key, "drop").bodyAsJsonObject().getString("status"))
                .isEqualTo("dropped");
        assertThat(resolve(TENANT, key, "drop").statusCode()).isEqualTo(200);
        HttpResponse<Buffer> late = resolve(TENANT, key, "release");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.bodyAsJsonObject().getString("code")).isEqualTo("already_dropped");
        assertThat(used()).isEqualTo(before);
        assertThat(audited(1, "usage.quarantine_dropped", key)).isEqualTo(1);
    }

    @Test
    void aRecordOfAnUnknownSubscriberWaitsUntilAnAccountIsLinked() throws Exception {
        String key = kept(0, "ef");
        HttpResponse<Buffer> early = resolve(OPERATOR, key, "release");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.bodyAsJsonObject().getString("code")).isEqualTo("unknown_subscriber");
        assertThat(resolve(TENANT, key, "release").statusCode()).isEqualTo(404);
        TestDatabase.execute(server.config, """
                INSERT INTO account_link (kind, hash, vshard, tenant_id, account_id)
                SELECT 'IMSI', decode(repeat('ef', 16), 'hex'), vshard, tenant_id, id FROM account WHERE id = %d
                """.formatted(account));
        long before = used();
        assertThat(resolve(OPERATOR, key, "release").statusCode()).isEqualTo(200);
        assertThat(used()).isEqualTo(before + 5_000);
        assertThat(audited(1, "usage.quarantine_released", key))
                .as("in the chain of the tenant whose balance changed")
                .isEqualTo(1);
    }

    @Test
    void aRecordOfTheFutureWaitsForItsEndAndCanBeDroppedBefore() throws Exception {
        String key = kept(1, "ab");
        endsIn(key, "6 minutes");
        long before = used();
        HttpResponse<Buffer> early = resolve(TENANT, key, "release");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.bodyAsJsonObject().getString("code")).isEqualTo("in_future");
        assertThat(used()).isEqualTo(before);
        endsIn(key, "4 minutes");
        assertThat(resolve(TENANT, key, "release").statusCode())
                .as("clocks differ by as much")
                .isEqualTo(200);
        assertThat(used()).isEqualTo(before + 5_000);
        String other = kept(1, "ab");
        endsIn(other, "3 days");
        assertThat(resolve(TENANT, other, "drop").bodyAsJsonObject().getString("status"))
                .isEqualTo("dropped");
    }

    private static void endsIn(String key, String interval) {
        TestDatabase.execute(server.config, """
                UPDATE quarantine SET record = record || jsonb_build_object(
                    'end', to_char((now() + interval '%s') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                WHERE key = '%s'
                """.formatted(interval, key));
    }

    @Test
    void aRecordThatNobodyCanReadIsShownByItsPlaceAndCanOnlyBeDropped() throws Exception {
        TestDatabase.execute(server.config, """
                INSERT INTO quarantine (source, key, reason, id_kind, id_hash, record, received_at)
                VALUES ('net-a', 'p0@17.1', 'malformed', 'NONE', '', '{"detail": "not a JSON object"}', now())
                """);
        JsonObject shown = call(OPERATOR, HttpMethod.GET, path("p0@17.1")).bodyAsJsonObject();
        assertThat(shown.getString("detail")).isEqualTo("not a JSON object");
        HttpResponse<Buffer> released = resolve(OPERATOR, "p0@17.1", "release");
        assertThat(released.statusCode()).isEqualTo(422);
        assertThat(released.bodyAsJsonObject().getString("code")).isEqualTo("unreadable");
        assertThat(resolve(OPERATOR, "p0@17.1", "drop").bodyAsJsonObject().getString("status"))
                .isEqualTo("dropped");
    }

    @Test
    void whatAFeedOfAnotherTenantReportedCanOnlyBeDropped() throws Exception {
        String key = kept(0, "ab");
        TestDatabase.execute(server.config, "UPDATE quarantine SET feed_tenant = 2 WHERE key = '" + key + "'");
        long before = used();
        HttpResponse<Buffer> released = resolve(OPERATOR, key, "release");
        assertThat(released.statusCode()).isEqualTo(422);
        assertThat(released.bodyAsJsonObject().getString("code")).isEqualTo("subscriber_not_covered");
        assertThat(used()).isEqualTo(before);
        assertThat(resolve(OPERATOR, key, "drop").bodyAsJsonObject().getString("status"))
                .isEqualTo("dropped");
    }

    @Test
    void manyAreReleasedByFeedAndReasonPieceByPieceAndWhatCannotBeIsLeft() throws Exception {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            kept.add(from("net-many", kept(1, "ab")));
        }
        String nobodys = from("net-many", kept(0, "cd"));
        String future = from("net-many", kept(1, "ab"));
        endsIn(future, "3 days");
        String otherReason = from("net-many", kept(1, "ab"));
        TestDatabase.execute(
                server.config, "UPDATE quarantine SET reason = 'not_written' WHERE key = '" + otherReason + "'");
        String otherFeed = kept(1, "ab");
        long before = used();
        int resolved = 0;
        int left = 0;
        String after = null;
        do {
            JsonObject wish = new JsonObject()
                    .put("reason", "clock mended")
                    .put("filter", new JsonObject().put("source", "net-many").put("reason", "too_late"))
                    .put("limit", 3);
            if (after != null) {
                wish.put("after", after);
            }
            JsonObject answer = sweep(OPERATOR, "release", wish);
            resolved += answer.getInteger("resolved");
            left += answer.getInteger("left");
            after = answer.getString("after");
        } while (after != null);
        assertThat(resolved).isEqualTo(5);
        assertThat(left).isEqualTo(2);
        assertThat(used()).isEqualTo(before + 25_000);
        assertThat(keys(OPERATOR, "?limit=200")).contains(nobodys, future, otherReason, otherFeed);
        assertThat(keys(OPERATOR, "?limit=200")).doesNotContainAnyElementsOf(kept);
        assertThat(number("SELECT sum((entry::jsonb -> 'after' ->> 'records')::int) FROM audit WHERE tenant_id = 1 "
                        + "AND action = 'usage.quarantine_released' AND object_id = 'net-many/too_late'"))
                .isEqualTo(5);
    }

    @Test
    void aTenantDropsManyOfItsOwnOnly() throws Exception {
        String own = from("net-drop", kept(1, "ab"));
        String nobodys = from("net-drop", kept(0, "cd"));
        JsonObject wish = new JsonObject()
                .put("reason", "a test of the network")
                .put("filter", new JsonObject().put("source", "net-drop"));
        assertThat(sweep(TENANT, "drop", wish).getInteger("resolved")).isEqualTo(1);
        assertThat(keys(TENANT, "?status=dropped&limit=200")).contains(own);
        assertThat(keys(OPERATOR, "?limit=200")).contains(nobodys);
        assertThat(sweep(TENANT, "drop", wish).getInteger("resolved"))
                .as("safe to repeat")
                .isZero();
    }

    private static JsonObject sweep(String credential, String how, JsonObject wish) throws Exception {
        HttpResponse<Buffer> answer = server.call(credential, HttpMethod.POST, "/usage-quarantine/" + how, wish);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private static String from(String source, String key) {
        TestDatabase.execute(
                server.config, "UPDATE quarantine SET source = '" + source + "' WHERE key = '" + key + "'");
        return key;
    }

    @Test
    void aReasonIsNeeded() throws Exception {
        String path = path(kept(1, "ab")) + "/drop";
        assertThat(server.call(TENANT, HttpMethod.POST, path, new JsonObject()).statusCode())
                .isEqualTo(400);
        assertThat(server.call(TENANT, HttpMethod.POST, path, new JsonObject().put("reason", " "))
                        .statusCode())
                .isEqualTo(400);
    }

    /** Keeps a record of 5,000 bytes as the feeds do; its key. */
    private static String kept(int tenant, String hash) {
        String key = "cdr-" + serial++;
        TestDatabase.execute(server.config, """
                INSERT INTO quarantine (tenant_id, vshard, source, key, reason, id_kind, id_hash, record, received_at)
                VALUES (%d, 0, 'net-a', '%s', 'too_late', 'IMSI', decode(repeat('%s', 16), 'hex'), jsonb_build_object(
                    'meaning', 'DELTA', 'counterBits', 64, 'start', to_char(now() - interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    'end', to_char(now() - interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'up', 1000, 'down', 4000,
                    'plmn', '208-01', 'country', 'FR', 'rat', 'NR', 'category', 'web', 'deviceHash', repeat('5e', 16)), now())
                """.formatted(tenant, key, hash));
        return key;
    }

    private static String path(String key) throws Exception {
        return "/usage-quarantine/"
                + PublicId.QUARANTINED.format(number("SELECT id FROM quarantine WHERE key = '" + key + "'"));
    }

    private static HttpResponse<Buffer> resolve(String credential, String key, String how) throws Exception {
        return server.call(
                credential, HttpMethod.POST, path(key) + "/" + how, new JsonObject().put("reason", "clock mended"));
    }

    private static HttpResponse<Buffer> call(String credential, HttpMethod method, String path) throws Exception {
        return server.call(credential, method, path, null);
    }

    private static List<String> keys(String credential, String query) throws Exception {
        JsonArray items = call(credential, HttpMethod.GET, "/usage-quarantine" + query)
                .bodyAsJsonObject()
                .getJsonArray("items");
        return items.stream().map(each -> ((JsonObject) each).getString("key")).toList();
    }

    private static long used() throws Exception {
        return number("SELECT used_bytes + beyond_bytes FROM account_hot WHERE account_id = " + account);
    }

    private static long audited(int tenant, String action, String key) throws Exception {
        return number(
                "SELECT count(*) FROM audit WHERE tenant_id = %d AND action = '%s' AND position('%s' IN entry) = 0"
                                .formatted(tenant, action, key)
                        + " AND entry::jsonb -> 'after' ->> 'record' = '" + RecordName.of("net-a", key) + "'"
                        + " AND object_id LIKE 'qrn_%'");
    }

    private static long number(String sql) throws Exception {
        try (var connection = TestDatabase.connect(server.config);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
