package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.testing.Browser;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner of a shared volume caps its members on the page, on a whole gateway. */
class SelfCareMemberCapTest {
    private static final int WINDOW_HEIGHT = 2_000;
    private static final Pattern CSRF = Pattern.compile("name=csrf value=\"([^\"]+)\"");
    private static final Pattern MEMBER = Pattern.compile("name=member value=([0-9a-f]+)");

    @TempDir
    static Path data;

    @TempDir
    static Path profile;

    private static RunningGateway server;
    private static String plan;
    private static Optional<Browser> found = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        found = Browser.open(profile, 412, WINDOW_HEIGHT);
        server = new RunningGateway(data);
        JsonObject offer = RunningGateway.plan(null).put("sharing", new JsonObject().put("maxMembers", 16));
        plan = server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        if (found.isPresent()) {
            found.get().close();
        }
    }

    private static String owner() throws Exception {
        return first(server.order(plan, 1, 201));
    }

    private static String first(JsonObject order) {
        return order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    private static String join(String owner, int quantity) throws Exception {
        JsonObject order =
                new JsonObject().put("planId", plan).put("quantity", quantity).put("sharedWith", owner);
        return first(server.reseller(HttpMethod.POST, "/v1/orders", order, 201));
    }

    private static String page(String subscription) throws Exception {
        String url = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription, null, 200)
                .getString("selfCareUrl");
        return url.substring(url.indexOf("/s/"));
    }

    private static Optional<JsonObject> cap(String subscription) throws Exception {
        return Optional.ofNullable(
                server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription + "/balance", null, 200)
                        .getJsonObject("shared")
                        .getJsonObject("cap"));
    }

    private static MultiMap fields(String page, String member, String mb, String window) throws Exception {
        return MultiMap.caseInsensitiveMultiMap()
                .add("csrf", find(CSRF, server.page(page)))
                .add("lang", "en")
                .add("member", member)
                .add("mb", mb)
                .add("window", window);
    }

    private static String find(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void ownerSetsChangesAndRemovesTheCapOfAMember() throws Exception {
        String owner = owner();
        String child = join(owner, 1);
        String page = page(owner);
        String before = server.page(page + "?lang=en");
        assertThat(before).contains("Set a limit").doesNotContain("<script", child);
        String member = find(MEMBER, before);

        assertThat(server.form(page + "/member-cap", fields(page, member, "500", "day")))
                .isEqualTo(303);
        assertThat(cap(child).orElseThrow().getLong("bytes")).isEqualTo(500_000_000L);
        assertThat(server.page(page + "?lang=en"))
                .contains("today 0 kB of 500 MB", "Change or remove the limit", "value=\"500\"");
        assertThat(server.page(page(child) + "?lang=en"))
                .as("the member reads what it may still use itself")
                .contains("500 MB wait for it.");
        assertThat(server.page(page + "?lang=fr")).contains("Changer ou enlever la limite", "Au plus tant de Mo");
        assertThat(server.page(page + "?lang=zh")).contains("更改或取消限额");

        assertThat(server.form(page + "/member-cap", fields(page, member, "700", "week")))
                .isEqualTo(303);
        JsonObject weekly = cap(child).orElseThrow();
        assertThat(weekly.getLong("bytes")).isEqualTo(700_000_000L);
        assertThat(weekly.getString("window")).isEqualTo("week");
        assertThat(server.form(page + "/member-cap", fields(page, member, " ", "week")))
                .isEqualTo(303);
        assertThat(cap(child)).isEmpty();
        assertThat(server.rows("SELECT entry::jsonb ->> 'actor' FROM audit WHERE action = 'member.cap'"))
                .as("each change is in the audit log as the traveller's")
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(actor -> actor.startsWith("traveller"));
    }

    @Test
    void whatCannotBeIsSaidInWordsAndKeepsWhatWasTyped() throws Exception {
        String owner = owner();
        String child = join(owner, 1);
        String page = page(owner);
        String member = find(MEMBER, server.page(page));
        for (String mb : List.of("0", "-1", "many", "12345678")) {
            assertThat(server.form(page + "/member-cap", fields(page, member, mb, "day")))
                    .as(mb)
                    .isEqualTo(422);
        }
        assertThat(server.form(page + "/member-cap", fields(page, member, "5", "year")))
                .isEqualTo(422);
        assertThat(server.formPage(page + "/member-cap", fields(page, member, "many", "week")))
                .contains("whole number of MB", "<details open>", "value=\"many\"", "value=week selected");
        assertThat(server.form(
                        page + "/member-cap", fields(page, member, "5", "day").set("csrf", "guess")))
                .isEqualTo(403);
        assertThat(cap(child)).isEmpty();
    }

    @Test
    void onlyTheOwnerCapsAndOnlyWhoStillSharesTheVolume() throws Exception {
        String owner = owner();
        String child = join(owner, 1);
        String other = join(owner, 1);
        String page = page(owner);
        String member = find(MEMBER, server.page(page));
        String childs = page(child);
        assertThat(server.page(childs + "?lang=en")).contains("The others").doesNotContain("member-cap");
        assertThat(server.form(childs + "/member-cap", fields(childs, member, "5", "day")))
                .as("a member caps nobody")
                .isEqualTo(422);
        server.reseller(
                HttpMethod.POST,
                "/v1/subscriptions/" + child + "/leave",
                new JsonObject().put("reason", "moved out"),
                200);
        assertThat(server.formPage(page + "/member-cap", fields(page, member, "5", "day")))
                .contains("not in your shared volume any more");
        assertThat(cap(other)).as("who moved up in the list is not meant").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {412, 1_280})
    void ownerAndMemberReadWhenAllTogetherWillHaveUsedTheVolume(int width) throws Exception {
        String owner = owner();
        String child = join(owner, 1);
        for (String each : List.of(owner, child)) {
            server.execute("""
                    INSERT INTO usage_hour (vshard, tenant_id, account_id, hour, zone, category, plmn, up_bytes, down_bytes)
                    SELECT a.vshard, a.tenant_id, a.id, h, 'FR', 'web', '208-01', 1000000, 11000000
                    FROM account a, generate_series(date_trunc('day', now(), 'UTC') - interval '3 days',
                                                    date_trunc('hour', now()), interval '1 hour') AS h
                    WHERE a.subscription_id = %d
                    """.formatted(PublicId.SUBSCRIPTION.parse(each).orElseThrow()));
        }
        server.execute("""
                UPDATE account SET starts_at = date_trunc('day', now(), 'UTC') - interval '3 days', ends_at = now() + interval '20 days'
                WHERE subscription_id = %d
                """.formatted(PublicId.SUBSCRIPTION.parse(owner).orElseThrow()));
        // 3 GB at 24 MB an hour are 125 hours.
        Pattern ends = Pattern.compile("If all go on like this, it is used up about ([^(]+) \\(between ");
        // The end is said to the minute, and one may pass between two pages.
        String before = find(ends, server.page(page(owner) + "?lang=en"));
        String members = find(ends, server.page(page(child) + "?lang=en"));
        String after = find(ends, server.page(page(owner) + "?lang=en"));
        assertThat(members).isIn(before, after);
        assertThat(server.page(page(child) + "?lang=fr")).contains("Si tous continuent ainsi");
        assertThat(server.page(page(child) + "?lang=zh")).contains("若大家照此使用");
        if (found.isPresent()) {
            Browser browser = found.get();
            browser.resize(width, WINDOW_HEIGHT);
            browser.go("https://localhost:" + server.gateway.port("public") + page(owner) + "?lang=en");
            browser.screenshot(Path.of("target", "screenshots", "self-care-shared-" + width + ".png"));
        }
    }

    @Test
    void pageOfTheLargestFamilyStaysSmall() throws Exception {
        String owner = owner();
        join(owner, 15);
        String html = server.page(page(owner) + "?lang=zh");
        assertThat(html).contains("成员 15");
        assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(30_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {412, 1_280})
    void personCapsAMemberInABrowser(int width) throws Exception {
        Assumptions.assumeTrue(found.isPresent(), "no chromium and chromedriver on the path: browser test skipped");
        String owner = owner();
        String child = join(owner, 2);
        String page = page(owner);
        Browser browser = found.get();
        browser.resize(width, WINDOW_HEIGHT);
        browser.go("https://localhost:" + server.gateway.port("public") + page + "?lang=en");
        browser.click(".caps summary");
        browser.type(".caps input[name=mb]", "300");
        browser.screenshot(Path.of("target", "screenshots", "self-care-member-cap-" + width + ".png"));
        browser.click(".caps button");
        assertThat(browser.text(".note")).startsWith("Saved.");
        assertThat(browser.text(".caps")).contains("today 0 kB of 300 MB");
        assertThat(cap(child).orElseThrow().getLong("bytes")).isEqualTo(300_000_000L);
    }
}
