package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A traveller's time zone and volume for one country, over the reseller's API. */
class TimeZoneApiTest {
    @TempDir
    static Path data;

    @Test
    void timeZoneIsSetAndVolumeIsBoughtForACountry() throws Exception {
        try (RunningGateway server = new RunningGateway(data)) {
            JsonObject offer = RunningGateway.plan(null)
                    .put(
                            "zoneTariffs",
                            new JsonArray()
                                    .add(new JsonObject().put("country", "CH").put("includedBytes", 1_000_000)));
            offer.getJsonObject("validity").put("start", "on_order");
            String plan =
                    server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id");
            String path = "/v1/subscriptions/"
                    + server.order(plan, 1, 201)
                            .getJsonArray("subscriptions")
                            .getJsonObject(0)
                            .getString("id");
            JsonObject tokyo = new JsonObject().put("timeZone", "Asia/Tokyo");
            JsonObject answer = server.reseller(HttpMethod.POST, path + "/time-zone", tokyo, 200);
            assertThat(answer.getString("timeZone")).isEqualTo("UTC");
            assertThat(answer.getJsonObject("nextTimeZone").getString("timeZone"))
                    .isEqualTo("Asia/Tokyo");
            assertThat(server.rows("SELECT entry FROM audit WHERE action = 'account.time_zone'"))
                    .hasSize(1);
            for (String wrong : new String[] {"Mars/Olympus", "GMT+25", "UTC+2", "CET"}) {
                JsonObject body = new JsonObject().put("timeZone", wrong);
                JsonObject order = body.copy().put("planId", plan);
                assertThat(server.reseller(HttpMethod.POST, "/v1/orders", order, 422)
                                .getString("code"))
                        .isEqualTo("unknown_time_zone");
                assertThat(server.reseller(HttpMethod.POST, path + "/time-zone", body, 422)
                                .getString("code"))
                        .isEqualTo("unknown_time_zone");
            }

            JsonObject swiss = new JsonObject().put("bytes", 2_000_000).put("zones", new JsonArray().add("CH"));
            server.reseller(HttpMethod.POST, path + "/top-ups", swiss, 201);
            assertThat(server.reseller(HttpMethod.GET, path + "/balance", null, 200)
                            .getJsonArray("buckets")
                            .encode())
                    .contains("\"zones\":[\"CH\"]");
            JsonObject spanish = new JsonObject().put("bytes", 2_000_000).put("zones", new JsonArray().add("ES"));
            assertThat(server.reseller(HttpMethod.POST, path + "/top-ups", spanish, 422)
                            .getString("code"))
                    .isEqualTo("unknown_zone");
            String link = server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl");
            assertThat(server.page(link.substring(link.indexOf("/s/")))).contains("only in Switzerland");
        }
    }
}
