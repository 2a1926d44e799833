package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.testing.Browser;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traveller's page of a plan with a price beyond its volume. */
class SelfCareOverageTest {
    private static final Pattern CSRF = Pattern.compile("name=csrf value=\"([^\"]+)\"");
    private static final Pattern LIMIT = Pattern.compile("name=limit value=\"([^\"]+)\"");

    @TempDir
    static Path data;

    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void travellerAgreesAndTakesItBackAndBothAreInTheAuditLog() throws Exception {
        String path = order(plan());
        server.reseller(
                HttpMethod.POST,
                path + "/top-ups",
                new JsonObject().put("bytes", 1_000_000).put("validDays", 3),
                201);
        String page = page(path);

        String before = server.page(page + "?lang=en");
        assertThat(before)
                .contains("Nothing is charged", "€0.10 per MB", "€50.00", "€80.00", "Your volumes, spent in this order")
                .doesNotContain("<script");
        assertThat(server.page(page + "?lang=fr")).contains("Rien n’est facturé");
        assertThat(server.page(page + "?lang=zh")).contains("现在不收费");
        assertThat(server.form(page + "/overage", answer(before, true).set("csrf", "no token")))
                .isEqualTo(403);

        assertThat(server.form(page + "/overage", answer(before, true))).isEqualTo(303);
        JsonObject agreed = overage(path);
        assertThat(agreed.getBoolean("agreed")).isTrue();
        assertThat(agreed.getJsonObject("monthlyLimit")).isEqualTo(euro("50.00"));
        assertThat(new JsonObject(server.page(page + "/state.json")).getString("charged"))
                .isEqualTo("0.00");
        assertThat(server.page(page + "?lang=en")).contains("You agreed", "Charge nothing from now on");

        assertThat(server.form(page + "/overage", answer(before, false))).isEqualTo(303);
        assertThat(overage(path).getBoolean("agreed")).isFalse();
        String account = server.rows(
                        "SELECT object_id FROM audit WHERE action = 'overage.declined' ORDER BY seq DESC LIMIT 1")
                .getFirst();
        List<String> kept =
                server.rows("SELECT action FROM audit WHERE object_id = '%s' AND action LIKE 'overage.%%' ORDER BY seq"
                        .formatted(account));
        assertThat(kept).containsExactly("overage.agreed", "overage.declined");
    }

    @Test
    void travellerAgreesToTheLimitThatThePageShows() throws Exception {
        String path = order(plan());
        agree(path, "20.00");
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        assertThat(server.form(page + "/overage", answer(shown, false))).isEqualTo(303);

        shown = server.page(page + "?lang=en");
        assertThat(shown).contains("Nothing is charged", "at most €20.00 in a calendar month");
        assertThat(server.form(page + "/overage", answer(shown, true))).isEqualTo(303);
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(euro("20.00"));
        assertThat(overage(path).getBoolean("agreed")).isTrue();
    }

    @Test
    void travellerNamesAnotherLimitUpToThePlansCeiling() throws Exception {
        String path = order(plan());
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        assertThat(shown).contains("name=amount inputmode=decimal maxlength=12 value=\"50.00\"");
        assertThat(server.form(page + "/overage", answer(shown, true).set("amount", "12,50")))
                .isEqualTo(303);
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(euro("12.50"));

        shown = server.page(page + "?lang=en");
        assertThat(shown)
                .contains("You agreed", "at most €12.50", "Charge nothing from now on")
                .doesNotContain("Change the limit");
        assertThat(server.form(page + "/overage", answer(shown, true).set("amount", "80")))
                .isEqualTo(303);
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(euro("80.00"));
    }

    @Test
    void whatIsNoLimitThatThePlanAllowsAgreesToNothing() throws Exception {
        String path = order(plan());
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        for (String amount :
                List.of("80.01", "0", "0.001", "-5", "1e3", "much", "1.2.3", "1,000", "1.000", "999999999999")) {
            assertThat(server.form(page + "/overage", answer(shown, true).set("amount", amount)))
                    .as(amount)
                    .isEqualTo(422);
        }
        assertThat(server.formPage(page + "/overage", answer(shown, true).set("amount", "81")))
                .contains("not above what the plan ever charges");
        assertThat(server.formPage(
                        page + "/overage",
                        answer(shown, true).set("amount", "81").set("lang", "fr")))
                .contains("Rien n’a changé");
        assertThat(overage(path).getBoolean("agreed")).isFalse();
    }

    @Test
    void formThatShowedAnotherLimitAgreesToNothing() throws Exception {
        String path = order(plan());
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        agree(path, "70.00");
        server.reseller(HttpMethod.POST, path + "/overage", new JsonObject().put("agreed", false), 200);
        for (MultiMap old : List.of(
                answer(shown, true),
                answer(shown, true).set("limit", "70"),
                answer(shown, true).remove("limit"))) {
            assertThat(server.form(page + "/overage", old)).isEqualTo(422);
            assertThat(server.formPage(page + "/overage", old))
                    .contains("you have not agreed to anything", "at most €70.00");
        }
        assertThat(server.formPage(page + "/overage", answer(shown, true).set("lang", "fr")))
                .contains("vous n’avez rien accepté");
        assertThat(server.formPage(page + "/overage", answer(shown, true).set("lang", "zh")))
                .contains("您尚未同意任何收费");
        assertThat(overage(path).getBoolean("agreed")).isFalse();
    }

    @Test
    void whatTheAccountRefusesIsSaidAndNotSaved() throws Exception {
        String path = order(plan());
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        server.execute(
                "UPDATE account SET starts_at = now() - interval '9 days', ends_at = now() - interval '1 second' "
                        + "WHERE subscription_id = "
                        + PublicId.SUBSCRIPTION
                                .parse(path.substring(path.lastIndexOf('/') + 1))
                                .orElseThrow());
        assertThat(server.form(page + "/overage", answer(shown, true))).isEqualTo(422);
        assertThat(server.formPage(page + "/overage", answer(shown, true)))
                .contains("Your plan has ended.")
                .doesNotContain("Saved.");
        assertThat(server.form(page + "/resume", answer(shown, true)))
                .as("nothing was held, and nothing is")
                .isEqualTo(303);
    }

    @Test
    void memberOfASharedVolumeReadsWhoDecides() throws Exception {
        String plan = plan();
        String owner = order(plan);
        JsonObject order = new JsonObject()
                .put("planId", plan)
                .put("quantity", 1)
                .put("sharedWith", owner.substring(owner.lastIndexOf('/') + 1));
        String member = first(server.reseller(HttpMethod.POST, "/v1/orders", order, 201));
        String page = page(member);
        String shown = server.page(page + "?lang=en");
        assertThat(shown)
                .contains("The owner of the volume that you share decides about it", "€0.10 per MB")
                .doesNotContain("Agree to be charged", page + "/overage");
        assertThat(server.page(page(owner) + "?lang=en")).contains("Agree to be charged");
        for (boolean agreed : List.of(true, false)) {
            MultiMap answer = answer(shown, agreed).set("limit", "50.00");
            assertThat(server.form(page + "/overage", answer)).isEqualTo(422);
            assertThat(server.formPage(page + "/overage", answer))
                    .contains("decides whether use beyond it is charged")
                    .doesNotContain("Saved.");
        }
        agree(owner, "30.00");
        assertThat(server.page(page + "?lang=en")).contains("agreed: €0.10 per MB", "€30.00");
        assertThat(server.page(page + "?lang=fr")).contains("Le titulaire du volume que vous partagez a accepté");
        assertThat(server.page(page + "?lang=zh")).contains("共享流量的主账户已同意");
    }

    @Test
    void amountsInYenAreWholeYen() throws Exception {
        JsonObject offer = RunningGateway.plan(null)
                .put("price", yen("900"))
                .put("topUpPricePerGigabyte", yen("333"))
                .put(
                        "overage",
                        new JsonObject()
                                .put("pricePerMegabyte", yen("2"))
                                .put("ceiling", yen("8000"))
                                .put("monthlyLimit", yen("5000")));
        String path =
                order(server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id"));
        server.put(path + "/rules", new JsonArray("""
                        [{"id": "ask", "when": {"window": "day", "overMinor": 500}, "then": [{"do": "ask"}]}]
                        """));
        JsonObject bought =
                server.reseller(HttpMethod.POST, path + "/top-ups", new JsonObject().put("bytes", 500_000_000), 201);
        assertThat(bought.getJsonObject("price")).as("166.5 yen").isEqualTo(yen("167.00"));
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        assertThat(shown)
                .contains("¥2 per MB", "at most ¥5,000", "more than ¥8,000", "¥500", "¥900", "¥333")
                .doesNotContain("5.00 JPY", ".00 JPY", "¥900.00");
        for (String thousand : List.of("1,000", "1.000", "1,5")) {
            assertThat(server.form(page + "/overage", answer(shown, true).set("amount", thousand)))
                    .as("%s is not one yen", thousand)
                    .isEqualTo(422);
        }
        assertThat(server.form(page + "/overage", answer(shown, true))).isEqualTo(303);
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(yen("5000.00"));
    }

    /** Directive 2011/83/EU art. 8(2): only the button whose words say it agrees to pay, and they name the amount. */
    @Test
    void namingAnAmountAgreesToNothing() throws Exception {
        String path = order(plan());
        String page = page(path);
        String shown = server.page(page + "?lang=en");
        assertThat(shown).contains(">Agree to be charged: at most €50.00 in a calendar month, without tax</button>");
        for (String agreed : List.of("name", "", "yes")) {
            MultiMap typed = answer(shown, true).set("amount", "12.50").set("agreed", agreed);
            assertThat(server.form(page + "/overage", typed)).isEqualTo(200);
            assertThat(server.formPage(page + "/overage", typed))
                    .contains("Nothing has changed yet.", "at most €12.50 in a calendar month, without tax</button>")
                    .contains("<input type=hidden name=amount value=\"12.50\">")
                    .doesNotContain("Saved.");
        }
        assertThat(overage(path).getBoolean("agreed")).isFalse();
        agree(path, "50.00");
        String french = server.formPage(
                page + "/overage",
                answer(shown, true).set("amount", "12,5").set("agreed", "name").set("lang", "fr"));
        assertThat(french).contains("12,50\u00a0€ par mois civil, hors taxes</button>", "value=\"12,50\"");
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(euro("50.00"));
        assertThat(overage(path).getBoolean("agreed"))
                .as("an empty answer takes nothing back")
                .isTrue();
    }

    @Test
    void enterInTheAmountAgreesToNothing(@TempDir Path profile) throws Exception {
        Optional<Browser> found = Browser.open(profile, 412, 2_400);
        Assumptions.assumeTrue(found.isPresent(), "no chromium and chromedriver on the path: browser test skipped");
        String path = order(plan());
        try (Browser browser = found.get()) {
            browser.go("https://localhost:" + server.gateway.port("public") + page(path) + "?lang=en");
            browser.type("input[name=amount]:not([type=hidden])", "12.50\n");
            assertThat(browser.text(".note")).startsWith("Nothing has changed yet.");
            assertThat(overage(path).getBoolean("agreed")).isFalse();
            browser.screenshot(Path.of("target", "screenshots", "self-care-overage.png"));
            browser.click("button[name=agreed][value=true]");
            assertThat(browser.text(".note")).startsWith("Saved.");
        }
        assertThat(overage(path).getJsonObject("monthlyLimit")).isEqualTo(euro("12.50"));
    }

    /** Every amount says that it is without tax, as people of the language write money. */
    @Test
    void amountsAreOfTheLanguageAndWithoutTax() throws Exception {
        String page = page(order(plan()));
        assertThat(server.page(page + "?lang=en"))
                .contains("never more than €80.00. All amounts are without tax.", "for 0 kB, without tax.")
                .doesNotContain("50.00 EUR");
        assertThat(server.page(page + "?lang=fr"))
                .contains("0,10\u00a0€ par Mo", "50,00\u00a0€", "Tous les montants sont hors taxes.")
                .doesNotContain(" EUR,", "50.00 EUR");
        assertThat(server.page(page + "?lang=zh")).contains("€80.00。所有金额均不含税。");
    }

    private static JsonObject yen(String amount) {
        return new JsonObject().put("amount", amount).put("currency", "JPY");
    }

    private static String plan() throws Exception {
        JsonObject overage =
                new JsonObject().put("pricePerMegabyte", euro("0.10")).put("ceiling", euro("80.00"));
        JsonObject plan =
                RunningGateway.plan(null).put("overage", overage).put("sharing", new JsonObject().put("maxMembers", 3));
        return server.reseller(HttpMethod.POST, "/v1/plans", plan, 201).getString("id");
    }

    private static String order(String plan) throws Exception {
        return first(server.order(plan, 1, 201));
    }

    private static String first(JsonObject order) {
        return "/v1/subscriptions/"
                + order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    private static String page(String path) throws Exception {
        String url = server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl");
        return url.substring(url.indexOf("/s/"));
    }

    private static void agree(String path, String limit) throws Exception {
        server.reseller(
                HttpMethod.POST,
                path + "/overage",
                new JsonObject().put("agreed", true).put("monthlyLimit", euro(limit)),
                200);
    }

    private static JsonObject overage(String path) throws Exception {
        return server.reseller(HttpMethod.GET, path + "/balance", null, 200).getJsonObject("overage");
    }

    /** The form as the page has it, with one of its buttons pressed. */
    private static MultiMap answer(String page, boolean agreed) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap()
                .add("csrf", find(CSRF, page).orElseThrow())
                .add("lang", "en")
                .add("agreed", String.valueOf(agreed));
        find(LIMIT, page).ifPresent(limit -> fields.add("limit", limit));
        return fields;
    }

    private static Optional<String> find(Pattern pattern, String page) {
        return pattern.matcher(page).results().map(found -> found.group(1)).findFirst();
    }

    private static JsonObject euro(String amount) {
        return new JsonObject().put("amount", amount).put("currency", "EUR");
    }
}
