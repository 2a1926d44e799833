package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.db.PublicId;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A traveller asks what is known, and then to be forgotten: all of it is given out, and then none of it is left. */
class ForgottenTravellerTest {
    private static final String MAIL = "zaphod@traveller.example";
    private static final String SAID = "My aunt Agrajag watched films";
    private static final String ALARM = "reason-of-this-alarm";
    private static final String SESSION = "session-of-zaphod";
    private static final String ORDER = "shop-order-4711-zaphod";
    private static final String TOP_UP = "shop-top-up-4712-zaphod";
    private static final String UNCOUNTED = "record-that-nobody-could-count";
    private static final String NETWORK = "999-77";

    @TempDir
    static Path data;

    private static RunningGateway server;
    private static String other;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(
                data,
                "public.url=https://octroi.localhost",
                "mail.host=localhost",
                "mail.port=1",
                "mail.from=notices@shop.example");
        server.execute("INSERT INTO tenant (slug, name) VALUES ('other', 'Other')");
        other = new TokenIssuer(
                        SigningKeys.open(data.toAbsolutePath(), Clock.systemUTC(), new SecureRandom()),
                        TokenRules.of(Optional.empty(), Duration.ofMinutes(10)),
                        Clock.systemUTC(),
                        new SecureRandom())
                .issue(TokenGrant.of(2, "other", Scopes.GRANTABLE));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void whatIsHeldIsGivenOutAndThenNothingOfItIsLeftButSums() throws Exception {
        String neighbour = sold("neighbour");
        String id = sold(ORDER);
        String path = "/v1/subscriptions/" + id;
        VirtualEuicc card = live(path);
        use(id);
        use(neighbour);

        server.execute("""
                INSERT INTO quarantine (source, key, reason, id_kind, id_hash, record, received_at)
                SELECT 'net', '%s', 'unknown_subscriber', kind, hash, '{"cell": "%s"}', now() FROM account_link
                WHERE account_id = %d AND kind = 'IMSI'
                """.formatted(UNCOUNTED, UNCOUNTED, account(id)));

        JsonObject about = export(path, "").getJsonObject("about");
        assertThat(about.getJsonArray("iccids"))
                .as("also of the SIM that was replaced")
                .hasSize(2);
        assertThat(about.getString("mail")).isEqualTo(MAIL);
        assertThat(about.getString("orderReference")).isEqualTo(ORDER);
        assertThat(about.getJsonArray("eids")).containsExactly(card.eid());
        JsonObject lists = export(path, "").getJsonObject("sections");
        assertThat(items(lists, "cases")).contains(SAID);
        assertThat(items(lists, "alarms")).contains(ALARM);
        assertThat(items(lists, "sessions")).contains(SESSION);
        assertThat(items(lists, "usage")).contains(NETWORK);
        assertThat(items(lists, "quarantined")).contains(UNCOUNTED);
        assertThat(items(lists, "topUps")).contains(TOP_UP);
        assertThat(items(lists, "downloads")).contains("installed", "firmware");
        assertThat(items(lists, "events")).contains("order.completed");
        assertThat(items(lists, "audit")).contains("subscription.exported");
        assertThat(lists.getJsonObject("ledger").getJsonArray("items")).hasSize(3);
        for (String section : List.of("usage", "ledger")) {
            assertThat(pages(path, section))
                    .as(section)
                    .containsExactlyElementsOf(lists.getJsonObject(section).getJsonArray("items"))
                    .doesNotHaveDuplicates()
                    .hasSize(3);
        }

        List<String> clear = new ArrayList<>(List.of(SAID, ALARM, SESSION, ORDER, TOP_UP, UNCOUNTED, NETWORK));
        clear.forEach(value -> assertThat(places(value, id))
                .as("found while it is there: %s", value)
                .isNotEmpty());
        for (String numbers : new String[] {"iccids", "imsis", "eids", "matchingIds"}) {
            about.getJsonArray(numbers).forEach(number -> clear.add((String) number));
        }
        clear.add(MAIL);
        List<String> hashes =
                server.rows("SELECT encode(hash, 'hex') FROM account_link WHERE account_id = " + account(id));
        assertThat(hashes).hasSize(2);
        String cursor = feed();
        List<String> sums = sums(id);
        List<String> ofNeighbour = sums(neighbour);

        assertThat(erase(server.reseller, path, 409).getString("code")).isEqualTo("subscription_alive");
        server.execute("UPDATE account SET ended = true, ends_at = now() WHERE subscription_id = " + number(id));
        assertThat(erase(server.reseller, path, 409).getString("code")).isEqualTo("case_open");
        server.execute("UPDATE support_case SET state = 'resolved', resolution = 'explained', resolved_at = now(),"
                + " reason = 'told', resolved_by = 'ada' WHERE subscription_id = " + number(id));
        server.execute("UPDATE outbox SET state = 'delivered', done_at = now() WHERE stream = 'network' AND key = "
                + number(id));
        assertThat(erase(server.reseller, path, 409).getString("code")).isEqualTo("records_may_come");
        server.execute("UPDATE account SET ends_at = now() - interval '5 days' WHERE subscription_id = " + number(id));
        assertThat(server.send(other, HttpMethod.POST, path + "/erase", reason(), "theirs")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send(other, HttpMethod.GET, path + "/export", null, "theirs")
                        .statusCode())
                .isEqualTo(404);

        JsonObject erased = erase(server.reseller, path, 200);
        assertThat(erased.getString("erasedAt")).isNotNull();
        assertThat(erase(server.reseller, path, 200)).as("asked again").isEqualTo(erased);

        clear.forEach(value -> assertThat(places(value, id)).as(value).isEmpty());
        hashes.forEach(hash -> assertThat(server.rowsOf("SELECT 1 FROM account_link WHERE encode(hash, 'hex') = '"
                        + hash + "' UNION ALL SELECT 1 FROM account_link_past WHERE encode(hash, 'hex') = '" + hash
                        + "'"))
                .isEmpty());
        assertThat(server.rows("SELECT 1 FROM profile p JOIN subscription s ON s.profile_id = p.id WHERE s.id = "
                        + number(id)))
                .as("no profile is this traveller's")
                .isEmpty();
        assertThat(sums(id)).isEqualTo(sums);
        assertThat(sums(neighbour)).as("of somebody else").isEqualTo(ofNeighbour);
        assertThat(server.rows("SELECT count(*) || '' FROM usage_hour WHERE account_id = " + account(neighbour)))
                .containsExactly("3");
        assertThat(server.rows("SELECT source || key || zone || category || plmn FROM ledger WHERE account_id = "
                        + account(id)))
                .as("a row for each month")
                .containsExactly("erasedmonth", "erasedmonth");
        assertThat(server.rows("SELECT count(*) || '' FROM event WHERE type = 'subscription.erased'"))
                .containsExactly("1");
        assertThat(server.rows("SELECT action FROM audit WHERE object_id = '" + id + "' AND action LIKE '%eras%'"
                        + " ORDER BY seq"))
                .containsExactly("subscription.erasure_asked", "subscription.erased");
        assertThat(server.reseller(HttpMethod.GET, "/v1/events?limit=200&after=" + cursor, null, 200)
                        .encode())
                .as("who stopped at an event of the traveller reads on")
                .contains("subscription.erased")
                .doesNotContain("event.erased");
        JsonObject left = server.reseller(HttpMethod.GET, path, null, 200);
        assertThat(left.getString("erasedAt")).isEqualTo(erased.getString("erasedAt"));
        assertThat(left.getJsonObject("profile").containsKey("iccid")).isFalse();
        assertThat(server.reseller(HttpMethod.POST, path + "/top-ups", new JsonObject().put("bytes", 1_000_000), 409)
                        .getString("code"))
                .isEqualTo("erased");
        assertThat(export(path, "").getJsonObject("about").containsKey("mail")).isFalse();
        Map.of(
                        "suspend", new JsonObject().put("class", "administrative"),
                        "credit", new JsonObject().put("bytes", 1_000_000),
                        "leave", new JsonObject(),
                        "cases", new JsonObject().put("summary", "who was it?"))
                .forEach((act, body) ->
                        assertThat(refusedToAnAdmin(path, act, body)).as(act).isEqualTo("erased"));
    }

    private static String refusedToAnAdmin(String path, String act, JsonObject body) {
        String url = path.replace("/v1/", "/admin/v1/tenants/ten_0000000000001/") + "/" + act;
        if (!body.containsKey("summary")) {
            body.put("reason", "unpaid");
        }
        try {
            return server.send(server.admin, HttpMethod.POST, url, body, "late-" + act)
                    .bodyAsJsonObject()
                    .getString("code");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String sold(String reference) throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        JsonObject order =
                new JsonObject().put("planId", plan).put("quantity", 1).put("externalReference", reference);
        return server.reseller(HttpMethod.POST, "/v1/orders", order, 201)
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
    }

    /** On a card, with an address, with a link, paused and resumed, and with a question about the use. */
    private static VirtualEuicc live(String path) throws Exception {
        server.reseller(HttpMethod.POST, path + "/replace-profile", new JsonObject().put("reason", "lost"), 200);
        JsonObject more = new JsonObject().put("bytes", 1_000_000).put("externalReference", TOP_UP);
        server.reseller(HttpMethod.POST, path + "/top-ups", more, 201);
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        GsmaTestPki gsma =
                GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        VirtualEuicc card = VirtualEuicc.create(gsma, GsmaEid.test(971), Clock.systemUTC(), new SecureRandom());
        try (Lpa lpa =
                new Lpa(card, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            lpa.download(code);
        }
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> server.reseller(HttpMethod.GET, path, null, 200)
                        .getJsonObject("profile")
                        .getString("state")
                        .equals("installed"));
        server.reseller(HttpMethod.PUT, path + "/notices", new JsonObject().put("mail", MAIL), 200);
        server.reseller(HttpMethod.POST, path + "/pause", new JsonObject(), 200);
        server.reseller(HttpMethod.POST, path + "/resume", new JsonObject(), 200);
        server.reseller(HttpMethod.POST, path + "/cases", new JsonObject().put("summary", SAID), 201);
        return card;
    }

    /** Three records of two months with what they left in other tables. */
    private static void use(String id) throws Exception {
        String keys = "%d, 1, %d".formatted(account(id) & 255, account(id));
        for (String at : new String[] {"2026-09-30 22:10", "2026-10-01 03:10", "2026-10-02 04:10"}) {
            server.execute("""
                    INSERT INTO ledger (vshard, tenant_id, account_id, day, source, key, delta_bytes, up_bytes, down_bytes,
                      event_at, received_at, zone, category, plmn, rat, charged_bytes, charged_minor)
                    VALUES (%1$s, '%2$s'::date, 'net', '%3$s-%2$s', 700, 300, 400, '%2$s+00', '%2$s+00', 'FR', 'video',
                      '%4$s', 'lte', 70, 3)
                    """.formatted(keys, at, SESSION, NETWORK));
            server.execute("""
                    INSERT INTO usage_hour VALUES (%1$s, date_trunc('hour', '%2$s+00'::timestamptz), 'FR', 'video', '%3$s', 300, 400)
                    """.formatted(keys, at, NETWORK));
        }
        server.execute("INSERT INTO account_session VALUES (%s, '%s', 300, 400, now())".formatted(keys, SESSION));
        server.execute("""
                INSERT INTO alarm (tenant_id, vshard, id, subscription_id, incident, kind, category, zone, since,
                  expected_low_bytes, expected_high_bytes, observed_bytes, at_stake_bytes, score, confidence, reasons, state, opened_at, updated_at)
                VALUES (1, %1$d, %2$d, %2$d, 1, 'burst', 'video', 'FR', now(), 0, 1, 700, 700, 1.5, 0.5, '["%3$s"]', 'open', now(), now())
                """.formatted(number(id) & 255, number(id), ALARM));
    }

    private static JsonObject export(String path, String query) throws Exception {
        return server.reseller(HttpMethod.GET, path + "/export" + query, null, 200);
    }

    /** All of a list, one item at a time. */
    private static List<Object> pages(String path, String section) throws Exception {
        List<Object> all = new ArrayList<>();
        String next = "";
        while (next != null) {
            String query = "?limit=1&section=" + section + (next.isEmpty() ? "" : "&after=" + next);
            JsonObject sections = export(path, query).getJsonObject("sections");
            assertThat(sections.fieldNames()).containsExactly(section);
            sections.getJsonObject(section).getJsonArray("items").forEach(all::add);
            next = sections.getJsonObject(section).getString("next");
        }
        return all;
    }

    private static String items(JsonObject lists, String section) {
        return lists.getJsonObject(section).getJsonArray("items").encode();
    }

    private static JsonObject reason() {
        return new JsonObject().put("reason", "asked for by mail");
    }

    private static JsonObject erase(String token, String path, int status) throws Exception {
        HttpResponse<Buffer> response = server.send(
                token,
                HttpMethod.POST,
                path + "/erase",
                reason(),
                UUID.randomUUID().toString());
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        return response.bodyAsJsonObject();
    }

    /** How far the feed was read. */
    private static String feed() throws Exception {
        return server.reseller(HttpMethod.GET, "/v1/events?limit=200", null, 200)
                .getString("next");
    }

    private static List<String> sums(String id) throws Exception {
        return server.rows("""
                SELECT sum(delta_bytes) || '/' || sum(up_bytes) || '/' || sum(down_bytes) || '/' || sum(charged_bytes) || '/'
                  || sum(charged_minor) || '/' || to_char(day, 'YYYY-MM')
                FROM ledger WHERE account_id = %1$d GROUP BY to_char(day, 'YYYY-MM') ORDER BY to_char(day, 'YYYY-MM')
                """.formatted(account(id)));
    }

    /** The tables where a value stands in clear, as text or in bytes; rows of a neighbour who uses the same network do not count. */
    private static List<String> places(String value, String id) {
        String hex = HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
        List<String> searches = new ArrayList<>();
        for (String table :
                server.rowsOf("SELECT t.table_name || coalesce((SELECT ' AND ' || min(c.column_name) || ' = '"
                        + " FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = t.table_name"
                        + " AND c.column_name IN ('account_id', 'subscription_id')), '')"
                        + " FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
                        + " AND t.table_name NOT LIKE 'ledger\\_%'")) {
            int own = table.indexOf(" AND ");
            String name = own < 0 ? table : table.substring(0, own);
            String only =
                    own < 0 ? "" : table.substring(own) + (table.contains("account_id") ? account(id) : number(id));
            searches.add("SELECT '" + name + "' FROM " + name + " AS t WHERE (t::text LIKE '%" + value
                    + "%' OR t::text LIKE '%" + hex + "%')" + only);
        }
        return server.rowsOf(String.join(" UNION ", searches));
    }

    private static long account(String subscription) {
        return Long.parseLong(server.rowsOf("SELECT account_id FROM subscription WHERE id = " + number(subscription))
                .getFirst());
    }

    private static long number(String subscription) {
        return PublicId.SUBSCRIPTION.parse(subscription).orElseThrow();
    }
}
