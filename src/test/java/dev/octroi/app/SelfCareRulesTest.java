package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traveller's own rules, and why it is slow, on a whole gateway. */
class SelfCareRulesTest {
    @TempDir
    static Path data;

    private static RunningGateway server;
    private static String page;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String path = "/v1/subscriptions/"
                + server.order(plan, 1, 201)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
        String url = server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl");
        page = url.substring(url.indexOf("/s/"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void answerThatNamesNoAlarmIsRefusedAndOneToAnAlarmThatNeverWasChangesNothing() throws Exception {
        Matcher csrf = Pattern.compile("name=csrf value=\"([^\"]+)\"").matcher(server.page(page));
        assertThat(csrf.find()).isTrue();
        MultiMap form =
                MultiMap.caseInsensitiveMultiMap().add("csrf", csrf.group(1)).add("meant", "true");
        assertThat(server.form(page + "/alarm", form)).isEqualTo(422);
        assertThat(server.form(page + "/alarm", form.add("incident", "1"))).isEqualTo(303);
        assertThat(server.form(page + "/alarm", form.set("meant", "removed"))).isEqualTo(303);
        assertThat(server.rows("SELECT id FROM event WHERE type = 'anomaly.explained'"))
                .isEmpty();
    }

    @Test
    void travellerSetsRulesReadsThemBackAndIsToldWhyItIsSlow() throws Exception {
        JsonObject none = new JsonObject(server.page(page + "/rules.json"));
        assertThat(none.getJsonArray("rules")).isEmpty();
        String rules = """
                {"version": %d, "rules": [
                  {"id": "always", "when": {"hours": {"from": "00:00", "to": "23:59"}},
                   "then": [{"do": "throttle", "rate": {"up": 512, "down": 512}}]},
                  {"id": "night", "when": {"hours": {"from": "23:59", "to": "00:00"}},
                   "then": [{"do": "throttle", "rate": {"up": 512, "down": 512}}]}]}
                """.formatted(none.getLong("version"));
        assertThat(put(rules).statusCode()).isEqualTo(200);
        assertThat(put(rules).statusCode()).as("from another version").isEqualTo(409);
        assertThat(new JsonObject(server.page(page + "/rules.json")).getJsonArray("rules"))
                .hasSize(2);
        assertThat(server.page(page + "?lang=en")).contains("a rule for these hours applies");
        JsonObject why = new JsonObject(server.page(page + "/explain.json?lang=fr"));
        assertThat(why.getString("sentence")).startsWith("Ralenti à 512\u00a0kbit/s");
        assertThat(why.getString("reason")).isEqualTo("user.hours");
    }

    @Test
    void ruleThatIsNotTheTravellersToWriteIsRefusedWithItsPlace() throws Exception {
        HttpResponse<Buffer> refused = put("""
                {"version": 0, "rules": [{"id": "a", "when": {"event": "alarm"}, "then": [{"do": "suspend"}]},
                                         {"id": "b", "when": {}, "then": [{"do": "pause"}]}]}
                """);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject()
                        .getJsonArray("errors")
                        .getJsonObject(0)
                        .getString("pointer"))
                .isEqualTo("#/rules/1/when");
        assertThat(put("{").statusCode()).isEqualTo(422);
        assertThat(put("[]").statusCode()).isEqualTo(422);
        assertThat(put("{\"rules\": []}").statusCode()).isEqualTo(422);
    }

    private static HttpResponse<Buffer> put(String text) throws Exception {
        return server.putText(page + "/rules.json", text);
    }
}
