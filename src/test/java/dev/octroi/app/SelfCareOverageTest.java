package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traveller's page of a plan with a price beyond its volume. */
class SelfCareOverageTest {
    private static final Pattern CSRF = Pattern.compile("name=csrf value=\"([^\"]+)\"");

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
        JsonObject overage =
                new JsonObject().put("pricePerMegabyte", euro("0.10")).put("ceiling", euro("80.00"));
        String plan = server.reseller(
                        HttpMethod.POST, "/v1/plans", RunningGateway.plan(null).put("overage", overage), 201)
                .getString("id");
        String path = "/v1/subscriptions/"
                + server.order(plan, 1, 201)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
        server.reseller(
                HttpMethod.POST,
                path + "/top-ups",
                new JsonObject().put("bytes", 1_000_000).put("validDays", 3),
                201);
        String url = server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl");
        String page = url.substring(url.indexOf("/s/"));

        String before = server.page(page + "?lang=en");
        assertThat(before)
                .contains(
                        "Nothing is charged",
                        "0.10 EUR per MB",
                        "50.00 EUR",
                        "80.00 EUR",
                        "Your volumes, spent in this order")
                .doesNotContain("<script");
        assertThat(server.page(page + "?lang=fr")).contains("Rien n’est facturé");
        assertThat(server.page(page + "?lang=zh")).contains("现在不收费");
        assertThat(server.form(page + "/overage", answer("no token", true))).isEqualTo(403);

        assertThat(server.form(page + "/overage", answer(csrf(before), true))).isEqualTo(303);
        JsonObject agreed =
                server.reseller(HttpMethod.GET, path + "/balance", null, 200).getJsonObject("overage");
        assertThat(agreed.getBoolean("agreed")).isTrue();
        assertThat(agreed.getJsonObject("monthlyLimit")).isEqualTo(euro("50.00"));
        assertThat(new JsonObject(server.page(page + "/state.json")).getString("charged"))
                .isEqualTo("0.00");
        assertThat(server.page(page + "?lang=en")).contains("You agreed", "Charge nothing from now on");

        assertThat(server.form(page + "/overage", answer(csrf(before), false))).isEqualTo(303);
        assertThat(server.reseller(HttpMethod.GET, path + "/balance", null, 200)
                        .getJsonObject("overage")
                        .getBoolean("agreed"))
                .isFalse();
        List<String> kept = server.rows("SELECT action FROM audit WHERE action LIKE 'overage.%' ORDER BY 1");
        assertThat(kept).containsExactly("overage.agreed", "overage.declined");
    }

    private static MultiMap answer(String csrf, boolean agreed) {
        return MultiMap.caseInsensitiveMultiMap()
                .add("csrf", csrf)
                .add("lang", "en")
                .add("agreed", String.valueOf(agreed));
    }

    private static String csrf(String page) {
        Matcher found = CSRF.matcher(page);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static JsonObject euro(String amount) {
        return new JsonObject().put("amount", amount).put("currency", "EUR");
    }
}
