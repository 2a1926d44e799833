package dev.octroi.web.console;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.access.TokenGrant;
import dev.octroi.catalog.Sharing;
import dev.octroi.db.PublicId;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.Browser;
import dev.octroi.web.console.ConsoleServer.Sold;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolePagesTest {
    private static final int OPERATOR = 0;
    private static final int ACME = 1;
    private static final int BOLT = 2;
    private static final String HOSTILE = "<script>alert('x')</script>\"&";
    private static final String ESCAPED = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;";
    private static final List<String> LISTS =
            List.of("/console/subscriptions", "/console/alarms", "/console/callbacks");
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    @TempDir
    private static Path profile;

    private static ConsoleServer server;
    private static Sold slowed;
    private static Sold suspended;
    private static Sold ofBolt;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer();
        server.sell(ACME, "France 3 GB, 7 days");
        slowed = server.sell(ACME, "Europe " + HOSTILE);
        server.fixture.use(slowed.key(), "r1", 2_500 * AccountFixture.MB);
        server.fixture.use(slowed.key(), "r2", 600 * AccountFixture.MB);
        suspended = server.sell(ACME, "Japan 3 GB");
        server.fixture.use(suspended.key(), "r1", 2_600 * AccountFixture.MB);
        server.fixture.accepted(suspended.key(), new AccountCommand.Pause(AccountFixture.ADMIN));
        server.alarm(suspended);
        server.delivered(suspended);
        server.failing(slowed, "connection refused " + HOSTILE);
        server.step(slowed);
        ofBolt = server.sell(BOLT, "Bolt's plan");
        server.alarm(ofBolt);
        server.failing(ofBolt, "timeout at bolt");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theTimelineSaysWhyADownloadFailedOnWhichDeviceAndWhoMustAct() {
        String page = server.get(
                        server.cookie(ACME, ConsoleServer.EVERYTHING), "/console/subscriptions/" + slowed.name())
                .bodyAsString();
        assertThat(page)
                .contains("8.1/4.8", "Not installed: The eSIM chip has no room for this profile.", "To act: traveller")
                .contains("Device: TAC 35290611, SGP.22 2.2.2, firmware 1.0.0, 24 kB free");
    }

    @Test
    void tokenThatIsNotValidIsRefused() {
        String good = server.token(ACME, ConsoleServer.EVERYTHING);
        for (String bad : List.of("", "x", good.substring(0, good.length() - 4) + "AAAA", good + "." + good)) {
            HttpResponse<Buffer> response = server.login(bad);
            assertThat(response.statusCode()).as(bad).isEqualTo(401);
            assertThat(response.getHeader("Set-Cookie")).isNull();
            assertThat(response.bodyAsString()).contains("not accepted");
        }
    }

    @Test
    void tokenBoundToACertificateOrASubscriptionIsRefused() {
        String bound = server.issuer.issue(new TokenGrant(
                ACME,
                "ada",
                Set.of("subscriptions:read"),
                Set.of(),
                OptionalLong.empty(),
                Optional.of("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2")));
        String traveller = server.issuer.issue(new TokenGrant(
                ACME, "t", Set.of("usage:self"), Set.of(), OptionalLong.of(slowed.id()), Optional.empty()));
        assertThat(server.login(bound).statusCode()).isEqualTo(401);
        assertThat(server.login(traveller).statusCode()).isEqualTo(401);
    }

    @Test
    void cookieIsForThisHostAndForNoScript() {
        HttpResponse<Buffer> response = server.login("Bearer " + server.token(ACME, ConsoleServer.EVERYTHING) + "\n");
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.getHeader("Set-Cookie"))
                .startsWith("__Host-octroi-console=")
                .contains("; Path=/", "; Secure", "; HTTPOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
    }

    @Test
    void withoutASessionEveryPageLeadsToTheLogin() {
        for (String path : LISTS) {
            for (String cookie : List.of("", "__Host-octroi-console=guess")) {
                HttpResponse<Buffer> response = server.get(cookie, path);
                assertThat(response.statusCode()).as(path).isEqualTo(303);
                assertThat(response.getHeader("Location")).isEqualTo("/console/login");
            }
        }
    }

    @Test
    void formFromAnotherSiteIsRefused() {
        String token = server.token(ACME, ConsoleServer.EVERYTHING);
        HttpResponse<Buffer> response = await(server.request("", "/console/login", true)
                .putHeader("Sec-Fetch-Site", "cross-site")
                .sendForm(MultiMap.caseInsensitiveMultiMap().set("token", token)));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.getHeader("Set-Cookie")).isNull();
    }

    @Test
    void signingOutNeedsThePagesFormAndEndsTheSession() {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        assertThat(server.post(cookie, "/console/logout", "token", "guess").statusCode())
                .isEqualTo(403);
        Matcher form = Pattern.compile("name=token value=\"([^\"]+)\"")
                .matcher(server.get(cookie, LISTS.getFirst()).bodyAsString());
        assertThat(form.find()).isTrue();
        HttpResponse<Buffer> out = server.post(cookie, "/console/logout", "token", form.group(1));
        assertThat(out.getHeader("Location")).isEqualTo("/console/login");
        assertThat(out.getHeader("Set-Cookie")).contains("Max-Age=0");
        assertThat(server.get(cookie, LISTS.getFirst()).statusCode()).isEqualTo(303);
    }

    @Test
    void eachPageNeedsItsScope() {
        List<String> scopes = List.of("subscriptions:read", "cases:read", "policies:read");
        for (int held = 0; held < scopes.size(); held++) {
            String cookie = server.cookie(ACME, scopes.get(held));
            for (int page = 0; page < LISTS.size(); page++) {
                HttpResponse<Buffer> response = server.get(cookie, LISTS.get(page));
                assertThat(response.statusCode())
                        .as(scopes.get(held) + " " + LISTS.get(page))
                        .isEqualTo(held == page ? 200 : 403);
            }
            assertThat(server.get(cookie, LISTS.getFirst() + "/" + slowed.name())
                            .statusCode())
                    .isEqualTo(held == 0 ? 200 : 403);
        }
    }

    @Test
    void casesAreShownOnlyToThoseWhoMayReadThem() {
        String path = LISTS.getFirst() + "/" + suspended.name();
        assertThat(server.get(server.cookie(ACME, "subscriptions:read"), path).bodyAsString())
                .doesNotContain("Alarms and cases", "Alarm open");
        assertThat(server.get(server.cookie(ACME, ConsoleServer.EVERYTHING), path)
                        .bodyAsString())
                .contains("Case open", "Alarm open", "400 MB", "Timeline", "Data suspended", "User paused");
    }

    @Test
    void useAndPlaceAreShownOnlyToThoseWhoMayReadThem() {
        String path = LISTS.getFirst() + "/" + slowed.name();
        String without = "subscriptions:read cases:read policies:read";
        assertThat(server.get(server.cookie(ACME, ConsoleServer.EVERYTHING), path)
                        .bodyAsString())
                .contains("<h2>Volume</h2>", "Use against normal", "<dt>Place<dd>");
        assertThat(server.get(server.cookie(ACME, without), path).bodyAsString())
                .contains("<h2>State</h2>", "Restrictions, strongest first")
                .doesNotContain("<h2>Volume</h2>", "Use against normal", "<dt>Place<dd>", "data-series");
        assertThat(server.get(server.cookie(ACME, ConsoleServer.EVERYTHING), LISTS.getFirst())
                        .bodyAsString())
                .contains("data-label=Volume", "Counted up to", " used, ");
        assertThat(server.get(server.cookie(ACME, without), LISTS.getFirst()).bodyAsString())
                .contains(slowed.name())
                .doesNotContain("data-label=Volume", "Counted up to", " used, ");
    }

    @Test
    void callbacksOfWebhooksSayTheirEventAndLinkSubscriptionsOnly() throws Exception {
        long change = server.fixture.ids.next();
        server.heard(BOLT, "policy_change.started", change);
        server.heard(BOLT, "policy.decided", slowed.id());
        String page = server.get(server.cookie(BOLT, ConsoleServer.EVERYTHING), "/console/callbacks")
                .bodyAsString();
        assertThat(page).contains("policy_change.started", "<code>" + PublicId.CHANGE.format(change) + "</code>");
        assertThat(page).doesNotContain(PublicId.SUBSCRIPTION.format(change));
        assertThat(page).contains("policy.decided", "/console/subscriptions/" + slowed.name());
    }

    @Test
    void policiesThatTheNetworkHasNotConfirmedStandWithAllThreeVersions() throws Exception {
        String row = Stream.of(card(server.get(server.cookie(ACME, ConsoleServer.EVERYTHING), "/console/callbacks")
                                .bodyAsString())
                        .split("<tr>"))
                .filter(each -> each.contains(slowed.name()))
                .findFirst()
                .orElseThrow();
        assertThat(row)
                .contains("On its way", "Throttled", "data-label=Sent class=num>–")
                .contains("data-label=Confirmed class=num>–");
        assertThat(card(server.get(server.cookie(BOLT, ConsoleServer.EVERYTHING), "/console/callbacks")
                        .bodyAsString()))
                .contains("Every policy is confirmed.");
    }

    private static String card(String page) {
        int from = page.indexOf("Not confirmed by the network");
        return page.substring(from, page.indexOf("</section>", from));
    }

    @Test
    void rowsOfAnotherTenantAreUnseen() {
        String acme = server.cookie(ACME, ConsoleServer.EVERYTHING);
        for (String path : LISTS) {
            String page = server.get(acme, path).bodyAsString();
            assertThat(page).contains(path.endsWith("alarms") ? suspended.name() : slowed.name());
            assertThat(page).doesNotContain(ofBolt.name(), "Bolt", "bolt");
        }
        HttpResponse<Buffer> other = server.get(acme, LISTS.getFirst() + "/" + ofBolt.name());
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.bodyAsString()).doesNotContain("Bolt");
        assertThat(server.get(acme, LISTS.getFirst() + "/nonsense").statusCode())
                .isEqualTo(404);
    }

    @Test
    void operatorSeesEveryTenant() {
        String operator = server.cookie(OPERATOR, ConsoleServer.EVERYTHING);
        for (String path : LISTS) {
            assertThat(server.get(operator, path).bodyAsString()).contains(ofBolt.name());
        }
        assertThat(server.get(operator, LISTS.getFirst()).bodyAsString())
                .contains("Bolt &lt;Travel&gt;", slowed.name());
        assertThat(server.get(operator, LISTS.getFirst() + "/" + ofBolt.name()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void hostileNamesAreEscaped() {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        for (String path : List.of(LISTS.getFirst(), LISTS.getLast(), LISTS.getFirst() + "/" + slowed.name())) {
            assertThat(server.get(cookie, path).bodyAsString())
                    .contains(ESCAPED)
                    .doesNotContain("<script>");
        }
    }

    @Test
    void pagesAllowNothingButTheirOwnStyle() throws Exception {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        for (String path : List.of("/console/login", LISTS.get(0), LISTS.get(1), LISTS.get(2))) {
            HttpResponse<Buffer> response = server.get(cookie, path);
            Matcher style = STYLE.matcher(response.bodyAsString());
            assertThat(style.find()).isTrue();
            String hash = Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(style.group(1).getBytes(StandardCharsets.UTF_8)));
            assertThat(response.getHeader("Content-Security-Policy"))
                    .contains("default-src 'none'", "'sha256-" + hash + "'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "script-src");
            assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
            assertThat(response.bodyAsString()).doesNotContain("style=", "<script");
        }
    }

    @Test
    void onlyThePageWithAChartMayRunScriptsAndOnlyOurs() {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        HttpResponse<Buffer> page = server.get(cookie, LISTS.getFirst() + "/" + slowed.name());
        assertThat(page.getHeader("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        Matcher script = Pattern.compile("<script src=\"([^\"]+)\"").matcher(page.bodyAsString());
        int scripts = 0;
        while (script.find()) {
            scripts++;
            HttpResponse<Buffer> asset = server.get("", script.group(1));
            assertThat(asset.statusCode()).as(script.group(1)).isEqualTo(200);
            assertThat(asset.getHeader("Content-Type")).startsWith("text/javascript");
        }
        assertThat(scripts).isEqualTo(2);
    }

    @Test
    void alarmsSayHowOftenTheyWereRight() throws Exception {
        server.insert("UPDATE alarm SET meant = false, answered_by = 't', answered_at = now()");
        try {
            assertThat(server.get(server.cookie(ACME, ConsoleServer.EVERYTHING), LISTS.get(1))
                            .bodyAsString())
                    .contains("<b>100 %</b><span>Night right<br>1 of 1 answered");
        } finally {
            server.insert("UPDATE alarm SET meant = NULL, answered_by = NULL, answered_at = NULL");
        }
    }

    @Test
    void listsShowWhatHolds() {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        assertThat(server.get(cookie, LISTS.get(0)).bodyAsString())
                .contains("Full speed", "Slowed to 384 kbit/s", "Plan quota used", "Data suspended", "User paused")
                .contains("http-equiv=refresh content=10");
        assertThat(server.get(cookie, LISTS.get(1)).bodyAsString())
                .contains("Night", "400 MB", "Night upload", "case_");
        assertThat(server.get(cookie, LISTS.get(2)).bodyAsString())
                .contains("Trying again", "connection refused", "HTTP 502", "3 min", ">3<")
                .contains("Delivered", "<b>1</b><span>policies delivered", "250 ms");
    }

    @Test
    void pageOfASharedVolumeSaysWhoTookWhatAndNamesNobodyElse() throws Exception {
        Sold owner = server.sell(BOLT, "Family", AccountFixture.france().with(new Sharing(4, 0, null)));
        Sold member = server.join(owner, "Family");
        server.fixture.use(owner.key(), "s1", 700 * AccountFixture.MB);
        server.fixture.use(member.key(), "s2", 30 * AccountFixture.MB);
        MemberCap cap = new MemberCap(400 * AccountFixture.MB, MemberCap.Window.DAY);
        server.fixture.accepted(member.key(), new AccountCommand.SetMemberCap(cap, AccountFixture.ADMIN));
        String cookie = server.cookie(BOLT, ConsoleServer.EVERYTHING);
        String page =
                server.get(cookie, "/console/subscriptions/" + member.name()).bodyAsString();
        assertThat(page)
                .contains("Shared volume", "Owner<dd>700 MB", "this one", "30 MB of at most 400 MB a day", "joined ")
                .doesNotContain(owner.name());
    }

    @Test
    void listSaysOfAMemberWhatIsLeftOfTheVolumeOfAllAndNothingOfIt() throws Exception {
        Sold owner =
                server.sell(ACME, "Owner of a list", AccountFixture.france().with(new Sharing(3, 0, null)));
        Sold member = server.join(owner, "Member of a list");
        server.fixture.use(owner.key(), "s1", 2_900 * AccountFixture.MB);
        server.fixture.use(member.key(), "s2", 10 * AccountFixture.MB);
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        assertThat(row(cookie, member)).contains("2.9 GB used by all, 90 MB left");
        assertThat(row(cookie, owner)).contains("2.9 GB used, 90 MB left");
        server.fixture.accepted(member.key(), new AccountCommand.LeaveShared("moved out", AccountFixture.ADMIN));
        assertThat(row(cookie, member)).as("no volume of its own").contains("0 MB used, 0 MB left");
    }

    /** The line of a subscription in the list, without its marks. */
    private static String row(String cookie, Sold sold) {
        String list = server.get(cookie, "/console/subscriptions").bodyAsString();
        return Stream.of(list.split("<tr>"))
                .filter(line -> line.contains(sold.name()))
                .findFirst()
                .orElseThrow()
                .replaceAll("<[^>]*>", "");
    }

    @Test
    void olderPageBeginsAfterTheLastRow() {
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        String page = server.get(cookie, LISTS.getFirst() + "?before=" + suspended.name())
                .bodyAsString();
        assertThat(page).contains(slowed.name()).doesNotContain(suspended.name());
    }

    @Test
    void sessionEndsWithItsToken() {
        Instant before = server.fixture.now.get();
        String cookie = server.cookie(ACME, ConsoleServer.EVERYTHING);
        try {
            server.fixture.now.set(before.plus(Duration.ofMinutes(11)));
            assertThat(server.get(cookie, LISTS.getFirst()).statusCode()).isEqualTo(303);
        } finally {
            server.fixture.now.set(before);
        }
    }

    @Test
    void personSignsInLooksAroundAndSignsOut() throws Exception {
        Optional<Browser> found = Browser.open(profile, 1_400, 900);
        Assumptions.assumeTrue(found.isPresent(), "no Chromium with chromedriver on the path");
        try (Browser browser = found.get()) {
            browser.go("http://localhost:" + server.port + "/console");
            assertThat(browser.text("h1")).isEqualTo("Console");
            browser.type("#token", server.token(OPERATOR, ConsoleServer.EVERYTHING));
            browser.click(".login button");
            assertThat(browser.text("h1")).isEqualTo("Subscriptions");
            assertThat(browser.text("tbody")).contains("Slowed to 384 kbit/s", "Data suspended");
            browser.screenshot(Path.of("target", "screenshots", "console.png"));
            browser.click("a[href$='" + suspended.name() + "']");
            assertThat(browser.text("ol.line")).contains("Data suspended: the traveller paused it");
            assertThat(browser.text("#band .u-legend")).contains("Used", "Normal up to");
            browser.screenshot(Path.of("target", "screenshots", "console-subscription.png"));
            browser.click(".top button");
            assertThat(browser.text("h1")).isEqualTo("Console");
            browser.go("http://localhost:" + server.port + "/console/callbacks");
            assertThat(browser.text("h1")).isEqualTo("Console");
        }
    }

    /** With {@code -Doctroi.test.pages=DIR} the pages are kept, for looking at. */
    @Test
    void everyPageIsWhole() throws Exception {
        String cookie = server.cookie(OPERATOR, ConsoleServer.EVERYTHING);
        String folder = System.getProperty("octroi.test.pages");
        List<String> paths = List.of(
                "/console/login", LISTS.get(0), LISTS.get(1), LISTS.get(2), LISTS.get(0) + "/" + suspended.name());
        for (String path : paths) {
            String page = server.get(cookie, path).bodyAsString();
            assertThat(page).startsWith("<!doctype html>").endsWith("</html>").hasSizeLessThan(100_000);
            if (folder != null) {
                String name = path.contains("sub_") ? "subscription" : path.substring(path.lastIndexOf('/') + 1);
                Files.writeString(Path.of(folder, name + ".html"), page);
            }
        }
    }
}
