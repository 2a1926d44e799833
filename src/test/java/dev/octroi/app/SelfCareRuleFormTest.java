package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.Browser;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traveller's form for rules, on a whole gateway. */
class SelfCareRuleFormTest {
    private static final Pattern CSRF = Pattern.compile("name=csrf value=\"([^\"]+)\"");
    private static final Pattern VERSION = Pattern.compile("name=version value=([0-9]+)");

    private static final Pattern WRONG =
            Pattern.compile("<input name=([a-z]+) [^>]*value=\"([^\"]*)\" aria-invalid=true autofocus>");

    /** What reaches beyond the right edge of the screen. */
    private static final String WIDER = """
            const wide = document.documentElement.clientWidth
            return [...document.querySelectorAll('html, body :not(svg *)')]
              .filter(each => each.getBoundingClientRect().right > wide || (each.tagName == 'HTML' && each.scrollWidth > wide))
              .map(each => each.tagName + ' ' + each.className).join(', ')
            """;

    @TempDir
    static Path data;

    private static RunningGateway server;
    private static String plan;
    private String path;
    private String page;
    private String url;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
        JsonObject offer = RunningGateway.plan(null)
                .put("countries", new JsonArray().add("FR").add("CH").add("JP"));
        plan = server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void order() throws Exception {
        path = "/v1/subscriptions/"
                + server.order(plan, 1, 201)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
        url = server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl");
        page = url.substring(url.indexOf("/s/"));
    }

    @Test
    void whatTheFormAsksForIsARuleThatIsListedAndCanBeRemoved() throws Exception {
        assertThat(server.page(page + "?lang=en")).contains("There are no rules yet.", "Add a rule");
        assertThat(send("when", "used", "mb", "300", "window", "week", "of", "video", "then", "slow", "kbps", "256"))
                .isEqualTo(303);
        assertThat(send("when", "hours", "from", "00:00", "to", "23:59", "then", "background"))
                .isEqualTo(303);
        assertThat(send("when", "hours", "from", "23:59", "to", "00:00", "then", "background"))
                .isEqualTo(303);
        assertThat(send("when", "place", "country", "CH", "then", "ask")).isEqualTo(303);
        assertThat(send("when", "country_changed", "then", "block", "block", "cloud", "until", "manual"))
                .isEqualTo(303);
        assertThat(server.page(page + "?lang=en"))
                .contains(
                        "More than 300 MB in a week, video only: slowed to 256 kbit/s.",
                        "Between 00:00 and 23:59: no background traffic.",
                        "In Switzerland: you are asked before data goes on.",
                        "On arrival in another country: no cloud and photo backup, until you press Resume.",
                        "Set by you",
                        "acts now")
                .doesNotContain("There are no rules yet.", "<script");
        assertThat(server.page(page + "?lang=fr"))
                .contains(
                        "Plus de 300\u00a0Mo sur une semaine, seulement vidéo : ralenti à 256\u00a0kbit/s.",
                        "Posée par vous");
        assertThat(server.page(page + "?lang=zh")).contains("在瑞士：继续之前先征求您的同意。", "由您设定");

        assertThat(post("/rules/remove", "rule", "page-1")).isEqualTo(303);
        assertThat(post("/rules/remove", "rule", "page-1"))
                .as("it is gone already")
                .isEqualTo(303);
        JsonArray left = new JsonObject(server.page(page + "/rules.json")).getJsonArray("rules");
        assertThat(left).hasSize(4);
        assertThat(left.getJsonObject(3).encode()).contains("\"until\":\"manual\"");
    }

    @Test
    void ruleThatWouldOnlyLoosenIsRefusedAndSaysWhoseStandsInTheWay() throws Exception {
        putShopRule();
        assertThat(send("when", "used", "mb", "200", "window", "day", "of", "all", "then", "slow", "kbps", "2000"))
                .isEqualTo(422);
        assertThat(sent(
                        "when", "used", "mb", "200", "window", "day", "of", "all", "then", "slow", "kbps", "2000",
                        "lang", "en"))
                .contains(
                        "This rule would change nothing",
                        "Set by your shop: “More than 100 MB in a day: slowed to 512 kbit/s.”",
                        "only make it stricter",
                        "<details open>",
                        "value=\"200\"");
        assertThat(send("when", "used", "mb", "200", "window", "day", "of", "all", "then", "slow", "kbps", "128"))
                .as("a stricter one is taken")
                .isEqualTo(303);
    }

    @Test
    void rulesOfOthersAreShownAndOutOfReach() throws Exception {
        putShopRule();
        assertThat(server.page(page + "?lang=en"))
                .contains("More than 100 MB in a day: slowed to 512 kbit/s.", "Set by your shop")
                .doesNotContain("rules/remove");
        assertThat(post("/rules/remove", "rule", "shop")).isEqualTo(422);
        assertThat(posted("/rules/remove", "rule", "shop", "lang", "en"))
                .contains("Only who set this rule can remove it.");
        assertThat(server.reseller(HttpMethod.GET, path + "/rules", null, 200).getJsonArray("rules"))
                .hasSize(1);
    }

    @Test
    void whatCannotBeIsSaidInWordsAndKeepsWhatWasTyped() throws Exception {
        assertThat(sent("when", "hours", "from", "08:00", "to", "08:00", "then", "pause", "lang", "en"))
                .contains("two different times of day", "value=hours checked", "value=\"08:00\"");
        assertThat(sent("when", "used", "mb", "-4", "window", "day", "of", "all", "then", "pause", "lang", "fr"))
                .contains("role=alert");
        for (String[] bad : List.of(
                new String[] {"when", "used", "mb", "1", "window", "year", "of", "all", "then", "pause"},
                new String[] {"when", "used", "mb", "1", "window", "day", "of", "x", "then", "pause"},
                new String[] {"when", "place", "country", "<b>", "then", "pause"},
                new String[] {"when", "alarm", "then", "suspend"},
                new String[] {"when", "alarm", "then", "slow", "kbps", "1"},
                new String[] {"when", "alarm", "then", "pause", "until", "x"},
                new String[] {"when", "nothing"},
                new String[] {})) {
            assertThat(send(bad)).as(String.join(" ", bad)).isEqualTo(422);
        }
        assertThat(server.form(
                        page + "/rules",
                        MultiMap.caseInsensitiveMultiMap().add("csrf", "guess").add("when", "alarm")))
                .isEqualTo(403);
        assertThat(new JsonObject(server.page(page + "/rules.json")).getJsonArray("rules"))
                .isEmpty();
    }

    /** WCAG 2.2 §3.3.1: the field is named, in the form that was sent and in no other. */
    @Test
    void fieldThatWasWrongSaysSoAndKeepsWhatWasTyped() throws Exception {
        String limits = posted("/limits", "mb", "1,5", "action", "pause", "lang", "en");
        assertThat(wrong(limits)).containsExactly("mb=1,5");
        assertThat(limits)
                .contains("<small class=wrong>Please give a whole number of MB", "<option value=pause selected>")
                .doesNotContain("<details open>");
        String rule = posted("/rules", "when", "used", "mb", "1.5", "then", "pause", "lang", "en");
        assertThat(wrong(rule)).containsExactly("mb=1.5");
        assertThat(rule).contains("<details open>").doesNotContain("<option value=pause selected>tell me");
        String low = posted("/background", "mode", "low", "kind", "cloud", "below", "many", "lang", "en");
        assertThat(wrong(low)).containsExactly("below=many");
        assertThat(low).contains("<option value=low selected>", "<option value=cloud selected>");
        assertThat(wrong(server.page(page + "?lang=en"))).isEmpty();
    }

    private static List<String> wrong(String shown) {
        return WRONG.matcher(shown)
                .results()
                .map(found -> found.group(1) + "=" + found.group(2))
                .toList();
    }

    @Test
    void whoeverReadsInABrowserGetsAPageInTheirLanguageAndNoJson() throws Exception {
        MultiMap crafted =
                MultiMap.caseInsensitiveMultiMap().add("csrf", "guess").add("lang", "fr");
        HttpResponse<Buffer> answer = server.formForPage(page + "/pause", crafted);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.getHeader("Content-Type")).startsWith("text/html");
        assertThat(answer.getHeader("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(answer.bodyAsString())
                .contains("<html lang=fr>", "Rien n’a changé", "href=\"" + page + "?lang=fr\"")
                .doesNotContain("csrf");
        HttpResponse<Buffer> large =
                server.formForPage(page + "/limits?lang=zh", fields("mb", "1".repeat(8_000), "action", "slow"));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.bodyAsString()).contains("<html lang=zh>", "操作未成功");
        assertThat(new JsonObject(server.formPage(page + "/pause", crafted)).getString("code"))
                .as("a program gets a problem")
                .isEqualTo("csrf");
        assertThat(new JsonObject(server.page("/s/none/state.json")).getInteger("status"))
                .isEqualTo(404);
    }

    @Test
    void formSentTwiceOrFromAnOldPageAddsNothing() throws Exception {
        MultiMap old = fields("when", "alarm", "then", "pause");
        assertThat(server.form(page + "/rules", old)).isEqualTo(303);
        assertThat(server.formPage(page + "/rules", old.add("lang", "en"))).contains("would change nothing");
        MultiMap other = fields("when", "device_changed", "then", "pause").set("version", old.get("version"));
        assertThat(server.formPage(page + "/rules", other.add("lang", "en"))).contains("have changed meanwhile");
        assertThat(new JsonObject(server.page(page + "/rules.json")).getJsonArray("rules"))
                .hasSize(1);
    }

    @Test
    void personWritesARuleInABrowser(@TempDir Path profile) throws Exception {
        Optional<Browser> found = Browser.open(profile, 412, 2_400);
        Assumptions.assumeTrue(found.isPresent(), "no chromium and chromedriver on the path: browser test skipped");
        putShopRule();
        try (Browser browser = found.get()) {
            browser.go("https://localhost:" + server.gateway.port("public") + page + "?lang=en");
            browser.click(".rules summary");
            browser.click("input[value=hours]");
            browser.screenshot(Path.of("target", "screenshots", "self-care-rule-form.png"));
            browser.click(".rules form[action$=rules] button");
            assertThat(browser.text(".note")).startsWith("Saved.");
            assertThat(browser.text(".rules ul")).contains("Between 23:00 and 07:00: slowed to 512 kbit/s.");
            browser.screenshot(Path.of("target", "screenshots", "self-care-rules.png"));
        }
        assertThat(new JsonObject(server.page(page + "/rules.json")).getJsonArray("rules"))
                .hasSize(1);
    }

    /** WCAG 2.2 §1.4.10 (320 CSS pixels), §1.4.4 (text at 200 %). */
    @Test
    void nothingHasToBeScrolledSideways(@TempDir Path profile) throws Exception {
        Optional<Browser> found = Browser.open(profile, 412, 2_400);
        Assumptions.assumeTrue(found.isPresent(), "no chromium and chromedriver on the path: browser test skipped");
        putShopRule();
        try (Browser browser = found.get()) {
            for (String language : List.of("en", "fr", "zh")) {
                for (String textSize : List.of("100%", "200%")) {
                    browser.screen(textSize.equals("100%") ? 320 : 412, 5_000);
                    browser.go("https://localhost:" + server.gateway.port("public") + page + "?lang=" + language);
                    browser.run("document.documentElement.style.fontSize='" + textSize
                            + "';document.querySelectorAll('details').forEach(each => each.open = true)");
                    assertThat(browser.run(WIDER))
                            .as("%s, text at %s", language, textSize)
                            .isEqualTo("");
                    browser.screenshot(Path.of("target", "screenshots", "self-care-narrow-" + language + ".png"));
                }
            }
        }
    }

    private void putShopRule() throws Exception {
        JsonObject rule = new JsonObject("""
                {"id": "shop", "when": {"window": "day", "overBytes": 100000000},
                 "then": [{"do": "throttle", "rate": {"up": 512, "down": 512}}]}
                """);
        server.put(path + "/rules", new JsonArray().add(rule));
    }

    private int send(String... fields) throws Exception {
        return server.form(page + "/rules", fields(fields));
    }

    private String sent(String... fields) throws Exception {
        return server.formPage(page + "/rules", fields(fields));
    }

    private int post(String action, String... fields) throws Exception {
        return server.form(page + action, fields(fields));
    }

    private String posted(String action, String... fields) throws Exception {
        return server.formPage(page + action, fields(fields));
    }

    private MultiMap fields(String... fields) throws Exception {
        String now = server.page(page);
        MultiMap form = MultiMap.caseInsensitiveMultiMap().add("csrf", first(CSRF, now));
        Matcher version = VERSION.matcher(now);
        form.add("version", version.find() ? version.group(1) : "");
        for (int i = 0; i < fields.length; i += 2) {
            form.add(fields[i], fields[i + 1]);
        }
        return form;
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
