package dev.octroi.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.app.Gateway;
import dev.octroi.app.Settings;
import dev.octroi.app.SettingsSource;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.CardFacts;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.testing.Browser;
import dev.octroi.testing.Midnight;
import dev.octroi.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-care page of a whole gateway: real listeners, real database, the clients of the demo. */
class TravellerPageTest {
    private static final String HOSTILE_PLAN = "France <script>alert(1)</script> \"& 'co'";

    @TempDir
    private static Path directory;

    private static Gateway gateway;
    private static Receivers receivers;
    private static Actors actors;
    private static World world;

    @BeforeAll
    static void open() throws Exception {
        DatabaseConfig database = TestDatabase.create();
        GatewayProcess.Ports ports = GatewayProcess.Ports.free();
        DevPki pki = DevPki.ensure(directory.resolve("pki"), Clock.systemUTC(), new SecureRandom());
        gateway = Gateway.start(Settings.load(SettingsSource.empty()
                .set("data.dir", directory.toString())
                .set(
                        "database.url",
                        "postgresql://" + database.host() + ":" + database.port() + "/" + database.database())
                .set("database.user", database.ownerUser())
                .set("database.password", database.ownerPassword())
                .set("callback.allowLoopback", "true")
                .set("listener.public.port", Integer.toString(ports.publicPort()))
                .set("listener.device.port", Integer.toString(ports.device()))
                .set("listener.operator.port", Integer.toString(ports.operator()))
                .set("listener.management.port", Integer.toString(ports.management()))));
        receivers = Receivers.open(
                pki, Files.readString(directory.resolve("callback.pub")).strip());
        actors = Actors.arrive(directory, ports, pki, receivers);
        world = new World(new GatewayProcess(directory, List.of()), actors, receivers, ZoneId.of("Asia/Tokyo"));
    }

    @AfterAll
    static void close() {
        actors.close();
        gateway.close();
        receivers.close();
    }

    @Test
    void pageIsLightStrictAndWithoutScript() throws Exception {
        ApiClient.Answer page = get(traveller(HOSTILE_PLAN).selfCarePath());
        assertThat(page.body().length).isLessThan(16 * 1024);
        assertThat(page.text()).doesNotContain("<script").contains("France &lt;script&gt;");
        assertThat(page.header("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("cache-control")).contains("no-store");
        assertThat(page.header("referrer-policy")).contains("no-referrer");
    }

    @Test
    void pageSpeaksThreeLanguages() throws Exception {
        String path = traveller("Languages").selfCarePath();
        assertThat(get(path + "?lang=en").text()).contains("My limits");
        assertThat(get(path + "?lang=fr").text()).contains("Mes limites");
        assertThat(get(path + "?lang=zh").text()).contains("我的上限");
        assertThat(actors.anyone()
                        .get(path, Map.of("Accept-Language", "de, fr;q=0.8"))
                        .text())
                .contains("Mes limites");
    }

    @Test
    void unknownLinkIsAFriendlyPage() throws Exception {
        ApiClient.Answer page = get("/s/oct_AAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.text()).contains("This link does not work");
    }

    @Test
    void formFromElsewhereIsRefused() throws Exception {
        String path = traveller("Forms").selfCarePath();
        assertThat(post(path + "/pause", "csrf=guess").status()).isEqualTo(403);
        assertThat(post(path + "/limits", "mb=10&action=slow").status()).isEqualTo(403);
        assertThat(get(path).text()).contains("Pause data now");
    }

    @Test
    void limitOfTheFormHoldsAndExplainsItself() throws Exception {
        Midnight.notDuringTheTestIn(ZoneId.of("Asia/Tokyo"));
        Traveller traveller = traveller("Limits");
        String path = traveller.selfCarePath();
        String csrf = csrf(path);
        ApiClient.Answer saved = post(path + "/limits", "csrf=" + csrf + "&mb=5&action=slow&lang=en");
        assertThat(saved.status()).isEqualTo(303);
        assertThat(get(saved.header("location").orElseThrow()).text()).contains("Saved.", "value=\"5\"");
        Meter.expect(Meter.report(world, Meter.record(traveller, Instant.now(), 0, 6 * Shop.MB, "video")), 1, 0);
        assertThat(get(path + "?lang=en").text())
                .contains("Slowed to 512 kbit/s", "a limit that you set", "00:00 (Tokyo time)");
    }

    @Test
    void badLimitIsSaidAndChangesNothing() throws Exception {
        String path = traveller("Bad limits").selfCarePath();
        String csrf = csrf(path);
        ApiClient.Answer answer = post(path + "/limits", "csrf=" + csrf + "&mb=-4&action=slow&lang=en");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("Please give a whole number");
        for (String body : List.of(
                "{}", "[]", "nonsense", "{\"dailyBytes\":\"9\"}", "{\"dailyBytes\":1,\"owner\":\"operator\"}")) {
            ApiClient.Answer json =
                    actors.anyone().send("PUT", path + "/limits.json", "application/json", body, Map.of());
            assertThat(json.status()).as(body).isEqualTo(400);
            assertThat(json.header("content-type").orElseThrow()).contains("application/problem+json");
        }
    }

    @Test
    void backgroundSwitchHoldsAndExplainsItself() throws Exception {
        String path = traveller("Background").selfCarePath();
        assertThat(get(path + "?lang=en").text()).contains("Background traffic", "still learning what is normal");
        String csrf = csrf(path);
        assertThat(post(path + "/background", "csrf=" + csrf + "&mode=off").status())
                .isEqualTo(303);
        assertThat(get(path + "?lang=en").text())
                .contains("background traffic is blocked since", "you switched it off", "<option value=off selected>")
                .contains("Pause data now");
        assertThat(state(path)).isEqualTo("background");
        String low = "{\"mode\":\"low\",\"belowBytes\":500000000}";
        assertThat(put(path, low).json().get("backgroundBelowBytes").asLong()).isEqualTo(500_000_000);
        assertThat(state(path)).isEqualTo("working");
        String clouds = "{\"mode\":\"off\",\"categories\":[\"update\",\"cloud\"]}";
        JsonNode blocked = put(path, clouds).json();
        assertThat(blocked.get("blockedCategories").toString()).isEqualTo("[\"cloud\",\"update\"]");
        assertThat(blocked.get("backgroundCategories").toString()).isEqualTo("[\"cloud\",\"update\"]");
        assertThat(post(path + "/background", "csrf=" + csrf + "&mode=off&kind=video")
                        .status())
                .isEqualTo(303);
        assertThat(get(path + "?lang=en").text()).contains("<option value=video selected>");
        assertThat(put(path, low).status()).isEqualTo(200);
        assertThat(post(path + "/background", "csrf=" + csrf + "&mode=low&below=x&lang=en")
                        .text())
                .contains("Please say below how many MB");
        for (String body : List.of(
                "{}",
                "[]",
                "no",
                "{\"mode\":\"low\"}",
                "{\"mode\":\"off\",\"belowBytes\":5}",
                "{\"mode\":\"off\",\"categories\":[7]}")) {
            assertThat(put(path, body).status()).as(body).isEqualTo(400);
        }
    }

    private static ApiClient.Answer put(String path, String body) throws Exception {
        return actors.anyone().send("PUT", path + "/background.json", "application/json", body, Map.of());
    }

    @Test
    void travellerPausesAndResumes() throws Exception {
        String path = traveller("Pauses").selfCarePath();
        String csrf = csrf(path);
        assertThat(post(path + "/pause", "csrf=" + csrf).status()).isEqualTo(303);
        assertThat(state(path)).isEqualTo("paused");
        assertThat(post(path + "/resume", "csrf=" + csrf).status()).isEqualTo(303);
        assertThat(state(path)).isEqualTo("working");
    }

    @Test
    void personSetsALimitInABrowser(@TempDir Path profile) throws Exception {
        Optional<Browser> found = Browser.open(profile, 412, 900);
        Assumptions.assumeTrue(found.isPresent(), "no chromium and chromedriver on the path: browser test skipped");
        Traveller traveller = traveller("Browser");
        try (Browser browser = found.get()) {
            browser.go(traveller.selfCareUrl());
            assertThat(browser.text("h1")).startsWith("Your eSIM is not installed on a phone.");
            browser.type("input[name=mb]", "300");
            browser.click("form[action$=limits] button");
            assertThat(browser.text(".note")).startsWith("Saved.");
            browser.screenshot(Path.of("target", "screenshots", "self-care-phone.png"));
        }
        assertThat(get(traveller.selfCarePath()).text()).contains("value=\"300\"");
        assertThat(Files.size(Path.of("target", "screenshots", "self-care-phone.png")))
                .isPositive();
    }

    @Test
    void pageAndTimelineFollowAnInstallationFromItsFailureToItsReset(@TempDir Path profile) throws Exception {
        Traveller traveller = traveller("Install");
        String path = traveller.selfCarePath();
        assertThat(get(path + "?lang=en").text()).contains("Your eSIM is ready.", "class=qr", "esimsetup.apple.com");

        try (Lpa full = phone(500)) {
            assertThatThrownBy(() -> full.download(code(traveller))).isInstanceOf(LpaException.class);
        }
        assertThat(get(path + "?lang=en").text())
                .contains("Your phone has no room for one more eSIM.", "class=qr", "esimsetup.android.com");
        assertThat(get(path + "?lang=fr").text()).contains("Votre téléphone n’a plus de place pour une eSIM.");
        assertThat(get(path + "?lang=zh").text()).contains("您的手机已没有空间再装一张 eSIM。");
        pictures(profile, traveller);
        JsonNode failed = newestStep(traveller, "");
        assertThat(failed.at("/result/code").asText()).isEqualTo("8.1/4.8");
        assertThat(failed.at("/details/device/freeMemoryBytes").asLong()).isBetween(1L, 500L);
        assertThat(newestStep(traveller, "&lang=zh").get("summary").asText()).startsWith("设备被拒绝：");

        try (Lpa roomy = phone(512 * 1024)) {
            String iccid = roomy.download(code(traveller)).iccid();
            assertThat(get(path + "?lang=en").text())
                    .contains("Your eSIM is installed. Switch it on", "<h1>Working: 10.00 GB left")
                    .doesNotContain("class=qr", "esimsetup");
            assertThat(reset(traveller).expect(409).json().get("code").asText()).isEqualTo("on_a_card");
            roomy.enable(iccid);
            roomy.sendNotifications();
            assertThat(get(path + "?lang=en").text()).contains("installed and switched on");
            roomy.disable(iccid);
            roomy.delete(iccid);
            roomy.sendNotifications();
        }
        assertThat(get(path + "?lang=fr").text())
                .contains(
                        "Votre eSIM a été supprimée du téléphone.",
                        "<h1>Votre eSIM n’est installée sur aucun téléphone.")
                .doesNotContain("class=qr", "esimsetup");

        assertThat(reset(traveller).expect(200).json().get("codeChanged").asBoolean())
                .isTrue();
        assertThat(newestStep(traveller, "").get("summary").asText())
                .isEqualTo("Download reset by the reseller: Deleted by mistake");
        assertThat(get(path + "?lang=en").text()).contains("Your eSIM is ready.", "class=qr");
        try (Lpa another = phone(512 * 1024)) {
            another.download(code(traveller));
        }
        assertThat(get(path + "?lang=en").text()).contains("Your eSIM is installed.");
    }

    /** What a person sees, for those who look at it. */
    private static void pictures(Path profile, Traveller traveller) throws Exception {
        Optional<Browser> found = Browser.open(profile, 412, 1_000);
        if (found.isEmpty()) {
            return;
        }
        try (Browser browser = found.get()) {
            for (String language : List.of("en", "fr", "zh")) {
                browser.go(traveller.selfCareUrl() + "?lang=" + language);
                browser.screenshot(Path.of("target", "screenshots", "self-care-failed-" + language + ".png"));
            }
        }
    }

    private static Lpa phone(int memoryBytes) throws Exception {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        GsmaTestPki gsma = GsmaTestPki.open(
                directory.resolve("pki").resolve("gsma"), List.of("localhost", "127.0.0.1"), clock, random);
        return new Lpa(VirtualEuicc.create(
                List.of(gsma),
                GsmaEid.test(random.nextInt(1_000_000_000)),
                new CardFacts("2.5.0", memoryBytes, "35290611"),
                clock,
                random));
    }

    private static String code(Traveller traveller) throws Exception {
        return actors.reseller()
                .get("/v1/subscriptions/" + traveller.subscriptionId() + "/activation")
                .expect(200)
                .json()
                .get("code")
                .asText();
    }

    private static ApiClient.Answer reset(Traveller traveller) throws Exception {
        return actors.reseller()
                .send(
                        "POST",
                        "/v1/subscriptions/" + traveller.subscriptionId() + "/reset-download",
                        "application/json",
                        "{\"reason\":\"Deleted by mistake\",\"code\":\"new\"}",
                        Map.of("Idempotency-Key", Shop.next()));
    }

    private static JsonNode newestStep(Traveller traveller, String query) throws Exception {
        JsonNode items = actors.reseller()
                .get("/v1/subscriptions/" + traveller.subscriptionId() + "/timeline?limit=50" + query)
                .expect(200)
                .json()
                .get("items");
        for (JsonNode item : items) {
            if (item.get("kind").asText().equals("download")) {
                return item;
            }
        }
        throw new AssertionError("no step in " + items);
    }

    private static Traveller traveller(String plan) throws Exception {
        ObjectNode offer = Shop.plan(plan, 10 * Shop.GB, 30, "on_order", "notify");
        return Shop.sell(world, Shop.offer(world, offer));
    }

    private static ApiClient.Answer get(String path) throws Exception {
        return actors.anyone().get(path);
    }

    private static ApiClient.Answer post(String path, String form) throws Exception {
        return actors.anyone().send("POST", path, "application/x-www-form-urlencoded", form, Map.of());
    }

    private static String csrf(String path) throws Exception {
        String page = get(path).text();
        int start = page.indexOf("name=csrf value=\"") + "name=csrf value=\"".length();
        return page.substring(start, page.indexOf('"', start));
    }

    private static String state(String path) throws Exception {
        return get(path + "/state.json").expect(200).json().get("state").asText();
    }
}
