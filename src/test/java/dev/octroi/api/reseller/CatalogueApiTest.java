package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CatalogueApiTest {
    private static ResellerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void demoPlanIsSoldWithItsLabel() throws Exception {
        HttpResponse<Buffer> created = server.post(TENANT, "/v1/plans", Bodies.plan());
        assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
        String location = created.getHeader("Location");
        JsonObject plan = server.get(TENANT, location).bodyAsJsonObject();
        assertThat(plan).isEqualTo(created.bodyAsJsonObject());
        assertThat(plan.getLong("includedBytes")).isEqualTo(3_000_000_000L);
        JsonObject label = server.get(TENANT, location + "/label?lang=fr").bodyAsJsonObject();
        assertThat(label.getString("hash")).isEqualTo(plan.getString("labelHash"));
        assertThat(label.getJsonObject("overage").getJsonObject("ceiling").getString("amount"))
                .isEqualTo("0.00");
        assertThat(label.getJsonObject("texts").encode()).contains("3\u00a0Go", "384\u00a0kbit/s");
        HttpResponse<Buffer> page = server.get(TENANT, location + "/label", Map.of("Accept", "text/html"));
        assertThat(page.getHeader("Content-Type")).startsWith("text/html");
        assertThat(page.bodyAsString()).contains("384 kbit/s").doesNotContain("<script");
    }

    @Test
    void aPlanOffSaleIsNeitherListedNorOrderedAndWhatWasSoldOfItGoesOn() throws Exception {
        JsonObject sharing = new JsonObject().put("maxMembers", 3);
        String id = server.created(TENANT, "/v1/plans", Bodies.plan().put("sharing", sharing))
                .getString("id");
        JsonObject wish = new JsonObject().put("planId", id);
        JsonObject quote = server.created(TENANT, "/v1/quotes", wish);
        String sold = server.created(TENANT, "/v1/orders", Bodies.order(id))
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        assertThat(withdraw(id)).isEqualTo(204);
        assertThat(withdraw(id)).as("again").isEqualTo(204);

        assertThat(listed("/v1/plans?limit=200")).doesNotContain(id);
        assertThat(listed("/v1/plans?limit=200&withdrawn=true")).contains(id);
        HttpResponse<Buffer> read = server.get(TENANT, "/v1/plans/" + id, Map.of("If-None-Match", "\"1\""));
        assertThat(read.bodyAsJsonObject().getString("withdrawnAt")).isNotNull();
        assertThat(code("/v1/orders", Bodies.order(id))).isEqualTo("plan_withdrawn");
        assertThat(code("/v1/quotes", wish)).isEqualTo("plan_withdrawn");
        server.created(TENANT, "/v1/orders", Bodies.order(id).put("quoteId", quote.getString("id")));
        server.created(TENANT, "/v1/orders", Bodies.order(id).put("sharedWith", sold));
        server.created(TENANT, "/v1/subscriptions/" + sold + "/top-ups", new JsonObject().put("bytes", 1_000_000));

        HttpResponse<Buffer> next = server.put(TENANT, "/v1/plans/" + id, Bodies.plan(), "\"1\"");
        assertThat(next.statusCode()).as(next.bodyAsString()).isEqualTo(200);
        assertThat(listed("/v1/plans?limit=200")).contains(id);
        server.created(TENANT, "/v1/orders", Bodies.order(id));
    }

    private static int withdraw(String id) throws Exception {
        return server.send(TENANT, HttpMethod.DELETE, "/v1/plans/" + id, Map.of(), null)
                .statusCode();
    }

    private static String listed(String path) throws Exception {
        return server.get(TENANT, path).bodyAsString();
    }

    private static String code(String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> answer = server.post(TENANT, path, body);
        assertThat(answer.statusCode()).isEqualTo(422);
        return answer.bodyAsJsonObject().getString("code");
    }

    @Test
    void planOfFixedDatesIsSoldWithThem() throws Exception {
        JsonObject dates = new JsonObject()
                .put("start", "fixed")
                .put("firstDay", "2031-12-24")
                .put("amount", 2)
                .put("unit", "week");
        JsonObject plan = server.created(TENANT, "/v1/plans", Bodies.plan().put("validity", dates));
        assertThat(plan.getJsonObject("validity")).isEqualTo(dates);
        JsonObject label = server.get(TENANT, plan.getString("labelUrl")).bodyAsJsonObject();
        assertThat(label.getJsonObject("validity").getString("lastDay")).isEqualTo("2032-01-06");
        assertThat(label.getJsonObject("texts").encode()).contains("December 24, 2031", "January 6, 2032");
        JsonObject noDate = Bodies.plan().put("validity", dates.copy().put("firstDay", "2031-02-30"));
        assertThat(server.post(TENANT, "/v1/plans", noDate).statusCode()).isIn(400, 422);
    }

    /** Before, overage could be in a currency of its own; who was sold it still has a page. */
    @Test
    void planOfBeforeWithTwoCurrenciesIsStillRead() throws Exception {
        JsonObject overage = new JsonObject()
                .put("pricePerMegabyte", Bodies.money("0.10"))
                .put("monthlyLimit", Bodies.money("50.00"))
                .put("ceiling", Bodies.money("80.00"));
        JsonObject plan = server.created(TENANT, "/v1/plans", Bodies.plan().put("overage", overage));
        long id = PublicId.PLAN.parse(plan.getString("id")).orElseThrow();
        TestDatabase.execute(
                server.config,
                "SET session_replication_role = replica",
                "UPDATE plan SET currency = 'USD' WHERE id = " + id);
        String path = "/v1/plans/" + plan.getString("id");
        assertThat(server.get(TENANT, path)
                        .bodyAsJsonObject()
                        .getJsonObject("price")
                        .getString("currency"))
                .isEqualTo("USD");
        assertThat(server.get(TENANT, "/v1/plans?limit=200").statusCode()).isEqualTo(200);
        assertThat(server.post(TENANT, "/v1/orders", Bodies.order(plan.getString("id")))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void planWithTiersRenewalAndADarkZoneIsReadAsWritten() throws Exception {
        String zone = server.created(TENANT, "/v1/zones", Bodies.zone()).getString("id");
        JsonObject dark = new JsonObject().put("zoneId", zone).put("blocked", true);
        JsonObject fairUse = new JsonObject()
                .put("window", "day")
                .put(
                        "tiers",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("fromBytes", 3_000_000_000L)
                                        .put("rate", Bodies.rate(512)))
                                .add(new JsonObject()
                                        .put("fromBytes", 5_000_000_000L)
                                        .put("rate", Bodies.rate(128))));
        JsonObject renewal = new JsonObject().put("every", "day").put("rolloverBytes", 500_000_000);
        JsonObject body = Bodies.plan()
                .put("zoneCaps", new JsonArray().add(dark))
                .put("fairUse", fairUse)
                .put("renewal", renewal);
        JsonObject plan = server.created(TENANT, "/v1/plans", body);
        assertThat(plan.getJsonObject("fairUse")).isEqualTo(fairUse);
        assertThat(plan.getJsonObject("renewal")).isEqualTo(renewal);
        assertThat(plan.getJsonArray("zoneCaps").getJsonObject(0)).isEqualTo(dark);
        JsonObject label = server.get(TENANT, plan.getString("labelUrl")).bodyAsJsonObject();
        assertThat(label.getJsonObject("included").getString("window")).isEqualTo("day");
        assertThat(label.getJsonObject("texts").encode())
                .contains("After 3 GB in a day: 512 kbit/s", "500 MB not used", "no data while you are inside");
        JsonObject both = body.copy();
        both.getJsonArray("zoneCaps").getJsonObject(0).put("rate", Bodies.rate(64));
        assertThat(server.post(TENANT, "/v1/plans", both).statusCode()).isEqualTo(422);
        JsonObject disorder = body.copy();
        disorder.getJsonObject("fairUse").getJsonArray("tiers").getJsonObject(1).put("fromBytes", 1);
        assertThat(server.post(TENANT, "/v1/plans", disorder).statusCode()).isEqualTo(422);
    }

    @Test
    void zonesHavePricesAndVolumesOfTheirOwnAndTheLabelSaysSo() throws Exception {
        String zone = server.created(TENANT, "/v1/zones", Bodies.zone()).getString("id");
        JsonObject paris = new JsonObject()
                .put("zoneId", zone)
                .put("includedBytes", 0)
                .put("pricePerMegabyte", Bodies.money("0.20"));
        JsonObject swiss = new JsonObject().put("country", "CH").put("includedBytes", 500_000_000);
        JsonObject overage =
                new JsonObject().put("pricePerMegabyte", Bodies.money("0.10")).put("ceiling", Bodies.money("80.00"));
        JsonObject body = Bodies.plan()
                .put("overage", overage)
                .put("zoneTariffs", new JsonArray().add(paris).add(swiss));
        JsonObject plan = server.created(TENANT, "/v1/plans", body);
        assertThat(plan.getJsonArray("zoneTariffs")).isEqualTo(body.getJsonArray("zoneTariffs"));
        JsonObject label = server.get(TENANT, plan.getString("labelUrl")).bodyAsJsonObject();
        assertThat(label.getJsonArray("zoneTariffs")).hasSize(2);
        assertThat(label.getJsonObject("texts").encode())
                .contains("Central Paris: beyond the volume €0.20 per MB", "Switzerland: 500 MB");
        JsonObject free = body.copy();
        free.remove("overage");
        JsonObject twice = body.copy();
        twice.getJsonArray("zoneTariffs").add(swiss);
        JsonObject dollars = body.copy();
        dollars.getJsonArray("zoneTariffs")
                .getJsonObject(0)
                .put("pricePerMegabyte", Bodies.money("0.20").put("currency", "USD"));
        JsonObject both = body.copy();
        both.getJsonArray("zoneTariffs").getJsonObject(0).put("country", "FR");
        JsonObject unknown = body.copy();
        unknown.getJsonArray("zoneTariffs").getJsonObject(0).put("zoneId", "zone_0HZ4K2M7Q9R3T");
        for (JsonObject refused : List.of(free, twice, dollars, both, unknown)) {
            assertThat(server.post(TENANT, "/v1/plans", refused).statusCode()).isEqualTo(422);
        }
        JsonObject foreign = body.copy();
        foreign.getJsonArray("zoneTariffs").remove(1);
        assertThat(server.post(OTHER_TENANT, "/v1/plans", foreign).statusCode())
                .as("another tenant's zone")
                .isEqualTo(422);
    }

    @Test
    void aPlanHasNoMorePlacesThanAnAccountCanCarryAndAPageOfPlansHasFew() throws Exception {
        JsonArray caps = new JsonArray();
        for (int i = 0; i < 6; i++) {
            JsonArray areas = new JsonArray();
            for (int area = 0; area < 2_000; area++) {
                areas.add("208-01-%04X".formatted(area));
            }
            JsonObject zone = new JsonObject().put("name", "Zone " + i).put("trackingAreas", areas);
            String id = server.created(TENANT, "/v1/zones", zone).getString("id");
            caps.add(new JsonObject().put("zoneId", id).put("rate", Bodies.rate(64)));
        }
        JsonObject tooMuch = Bodies.plan().put("zoneCaps", caps);
        assertRefused(tooMuch, "invalid_plan");
        JsonArray twice = new JsonArray(caps.stream().limit(3).toList());
        JsonArray tariffs = new JsonArray(caps.stream()
                .limit(3)
                .map(cap -> new JsonObject()
                        .put("zoneId", ((JsonObject) cap).getString("zoneId"))
                        .put("includedBytes", 1_000_000))
                .toList());
        assertRefused(Bodies.plan().put("zoneCaps", twice).put("zoneTariffs", tariffs), "invalid_plan");
        JsonArray two = new JsonArray(tariffs.stream().skip(1).toList());
        JsonObject most = server.created(
                TENANT, "/v1/plans", Bodies.plan().put("zoneCaps", twice).put("zoneTariffs", two));
        JsonObject listed = server.get(TENANT, "/v1/plans?limit=1")
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(listed).as("as it is read by itself").isEqualTo(most);
        List<Plan> page = ResellerServer.await(server.database.inTenant(
                TENANT, connection -> new PlanStore().list(connection, TENANT, false, Long.MAX_VALUE, 1)));
        assertThat(page.getFirst().offer().terms().places()).isEqualTo(5);
    }

    @Test
    void aPlanHasOneCurrency() throws Exception {
        JsonObject overage = new JsonObject()
                .put("pricePerMegabyte", Bodies.money("0.10").put("currency", "USD"))
                .put("monthlyLimit", Bodies.money("50.00").put("currency", "USD"))
                .put("ceiling", Bodies.money("80.00").put("currency", "USD"));
        assertRefused(Bodies.plan().put("overage", overage), "invalid_plan");
    }

    @Test
    void aLabelOfAllCountriesAndZonesIsAsTheContractSays() throws Exception {
        JsonArray caps = new JsonArray();
        JsonArray tariffs = new JsonArray();
        for (int i = 0; i < 50; i++) {
            JsonObject zone = Bodies.zone().put("name", "Z".repeat(118) + i);
            String id = server.created(TENANT, "/v1/zones", zone).getString("id");
            caps.add(new JsonObject().put("zoneId", id).put("blocked", true));
            tariffs.add(new JsonObject()
                    .put("zoneId", id)
                    .put("includedBytes", 1_000_000)
                    .put("pricePerMegabyte", Bodies.money("0.20")));
        }
        JsonObject overage =
                new JsonObject().put("pricePerMegabyte", Bodies.money("0.10")).put("ceiling", Bodies.money("80.00"));
        JsonObject body = Bodies.plan()
                .put(
                        "countries",
                        new JsonArray(
                                Stream.of(Locale.getISOCountries()).limit(249).toList()))
                .put("overage", overage)
                .put("zoneCaps", caps)
                .put("zoneTariffs", tariffs);
        String label = server.created(TENANT, "/v1/plans", body).getString("labelUrl");
        for (String language : List.of("en", "fr", "zh")) {
            JsonObject texts = server.get(TENANT, label, Map.of("Accept-Language", language))
                    .bodyAsJsonObject()
                    .getJsonObject("texts");
            assertThat(texts.getJsonArray("lines").size()).isGreaterThan(150);
        }
    }

    private static void assertRefused(JsonObject plan, String code) throws Exception {
        HttpResponse<Buffer> response = server.post(TENANT, "/v1/plans", plan);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo(code);
    }

    @Test
    void newVersionKeepsTheLabelAsSold() throws Exception {
        String path = "/v1/plans/" + server.francePlan(TENANT);
        JsonObject first = server.get(TENANT, path + "/label").bodyAsJsonObject();
        JsonObject dearer = Bodies.plan().put("price", Bodies.money("12.00"));
        assertThat(server.put(TENANT, path, dearer, "\"1\"").statusCode()).isEqualTo(200);
        assertThat(server.get(TENANT, path + "/label?version=1").bodyAsJsonObject())
                .isEqualTo(first);
        JsonObject second = server.get(TENANT, path + "/label").bodyAsJsonObject();
        assertThat(second.getInteger("planVersion")).isEqualTo(2);
        assertThat(second.getString("hash")).isNotEqualTo(first.getString("hash"));
        assertThat(server.get(TENANT, path + "/label?version=3").statusCode()).isEqualTo(404);
    }

    @Test
    void aCurrencyThatNobodyKnowsIsRefusedInWords() throws Exception {
        JsonObject none = new JsonObject().put("amount", "0.10").put("currency", "ZZZ");
        JsonObject plan = Bodies.plan()
                .put("price", none.copy().put("amount", "9.90"))
                .put(
                        "overage",
                        new JsonObject()
                                .put("pricePerMegabyte", none)
                                .put("ceiling", none)
                                .put("monthlyLimit", none));
        plan.remove("topUpPricePerGigabyte");
        HttpResponse<Buffer> refused = server.post(TENANT, "/v1/plans", plan);
        assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("detail"))
                .isEqualTo("a price is in a currency with minor units");
    }

    @Test
    void changeNeedsTheCurrentTag() throws Exception {
        String path = "/v1/plans/" + server.francePlan(TENANT);
        HttpResponse<Buffer> without = server.send(TENANT, HttpMethod.PUT, path, Map.of(), Bodies.plan());
        assertThat(without.statusCode()).isEqualTo(428);
        assertThat(server.put(TENANT, path, Bodies.plan(), "\"1\"").getHeader("ETag"))
                .isEqualTo("\"2\"");
        HttpResponse<Buffer> stale = server.put(TENANT, path, Bodies.plan(), "\"1\"");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.getHeader("ETag")).isEqualTo("\"2\"");
        assertThat(server.get(TENANT, path, Map.of("If-None-Match", "\"2\"")).statusCode())
                .isEqualTo(304);
        assertThat(server.get(TENANT, path, Map.of("If-None-Match", "\"1\"")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void zoneCapsTakeTheZoneAsItIs() throws Exception {
        String zone = server.created(TENANT, "/v1/zones", Bodies.zone()).getString("id");
        JsonObject cap = new JsonObject().put("zoneId", zone).put("rate", Bodies.rate(2_000));
        JsonObject plan = server.created(TENANT, "/v1/plans", Bodies.plan().put("zoneCaps", new JsonArray().add(cap)));
        assertThat(plan.getJsonArray("zoneCaps").getJsonObject(0)).isEqualTo(cap);
        HttpResponse<Buffer> changed =
                server.put(TENANT, "/v1/zones/" + zone, Bodies.zone().put("name", "Paris"), "\"1\"");
        assertThat(changed.bodyAsJsonObject().getInteger("version")).isEqualTo(2);
        HttpResponse<Buffer> foreign =
                server.post(OTHER_TENANT, "/v1/plans", Bodies.plan().put("zoneCaps", new JsonArray().add(cap)));
        assertThat(foreign.statusCode()).isEqualTo(422);
        assertThat(foreign.bodyAsJsonObject().getString("code")).isEqualTo("unknown_zone");
    }

    @Test
    void aPlanSaysWhatEachZoneDoesAndTheLabelSaysSo() throws Exception {
        JsonArray caps = new JsonArray();
        for (JsonObject effect : List.of(
                new JsonObject()
                        .put("rate", Bodies.rate(2_000))
                        .put("hours", new JsonObject().put("from", "18:00").put("to", "23:00")),
                new JsonObject().put("blocked", true),
                new JsonObject().put("entry", "ask"),
                new JsonObject().put("entry", "warn"))) {
            String zone = server.created(TENANT, "/v1/zones", Bodies.zone()).getString("id");
            caps.add(effect.put("zoneId", zone));
        }
        JsonObject plan = server.created(TENANT, "/v1/plans", Bodies.plan().put("zoneCaps", caps));
        assertThat(plan.getJsonArray("zoneCaps")).isEqualTo(caps);
        String path = "/v1/plans/" + plan.getString("id");
        assertThat(server.get(TENANT, path).bodyAsJsonObject().getJsonArray("zoneCaps"))
                .isEqualTo(caps);
        assertThat(server.get(TENANT, path + "/label").bodyAsString())
                .contains("from 18:00 to 23:00 your time", "no data while", "until you say to go on", "you are told");

        JsonObject zone = new JsonObject().put("zoneId", caps.getJsonObject(0).getString("zoneId"));
        JsonObject hours = new JsonObject().put("from", "18:00").put("to", "18:00");
        Map<JsonObject, String> wrong = Map.of(
                zone,
                "rate_or_blocked",
                zone.copy().put("rate", Bodies.rate(9)).put("entry", "ask"),
                "rate_or_blocked",
                zone.copy().put("entry", "ask").put("hours", hours),
                "hours_without_rate",
                zone.copy().put("rate", Bodies.rate(2_000)).put("hours", hours),
                "hours_empty");
        for (Map.Entry<JsonObject, String> each : wrong.entrySet()) {
            HttpResponse<Buffer> refused =
                    server.post(TENANT, "/v1/plans", Bodies.plan().put("zoneCaps", new JsonArray().add(each.getKey())));
            assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(422);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo(each.getValue());
        }
    }

    @Test
    void impossiblePlansAreRefused() throws Exception {
        JsonObject slowWithoutRate = Bodies.plan().put("afterExhaustion", new JsonObject().put("action", "slow"));
        assertThat(server.post(TENANT, "/v1/plans", slowWithoutRate).statusCode())
                .isEqualTo(422);
        JsonObject negative = Bodies.plan().put("price", Bodies.money("-1.00"));
        assertThat(server.post(TENANT, "/v1/plans", negative).statusCode()).isEqualTo(422);
        JsonObject beyond = Bodies.plan().put("price", Bodies.money("999999999999.9999"));
        assertThat(server.post(TENANT, "/v1/plans", beyond).statusCode()).isEqualTo(422);
        JsonObject fixedWithoutDate = Bodies.plan();
        fixedWithoutDate.getJsonObject("validity").put("start", "fixed");
        assertThat(server.post(TENANT, "/v1/plans", fixedWithoutDate).statusCode())
                .isEqualTo(422);
    }

    @Test
    void publishingIsAudited() throws Exception {
        String id = server.francePlan(TENANT);
        server.put(TENANT, "/v1/plans/" + id, Bodies.plan(), "\"1\"");
        try (var connection = TestDatabase.connect(server.config);
                var statement = connection.prepareStatement(
                        "SELECT count(*) FROM audit WHERE tenant_id = ? AND object_id = ?")) {
            statement.setInt(1, TENANT);
            statement.setString(2, id);
            try (var rows = statement.executeQuery()) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(2);
            }
        }
    }

    @Test
    void pagesCoverAllPlansOnce() throws Exception {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(server.francePlan(OTHER_TENANT));
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        while (next != null) {
            JsonObject page = server.get(OTHER_TENANT, "/v1/plans?limit=2" + (next.isEmpty() ? "" : "&after=" + next))
                    .bodyAsJsonObject();
            page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
            next = page.getString("next");
        }
        assertThat(seen).startsWith(made.toArray(String[]::new)).doesNotHaveDuplicates();
    }

    @Test
    void cursorOfAnotherListOrTenantIsRefused() throws Exception {
        for (int i = 0; i < 2; i++) {
            server.francePlan(TENANT);
        }
        String cursor =
                server.get(TENANT, "/v1/plans?limit=1").bodyAsJsonObject().getString("next");
        assertThat(server.get(TENANT, "/v1/zones?after=" + cursor).statusCode()).isEqualTo(400);
        assertThat(server.get(OTHER_TENANT, "/v1/plans?after=" + cursor).statusCode())
                .isEqualTo(400);
        assertThat(server.get(TENANT, "/v1/plans?after=AAAA").statusCode()).isEqualTo(400);
        assertThat(server.get(TENANT, "/v1/plans?limit=201").statusCode()).isEqualTo(400);
    }

    @Test
    void quoteHoldsPriceAndVersion() throws Exception {
        String plan = server.francePlan(TENANT);
        JsonObject quote = server.created(
                TENANT, "/v1/quotes", new JsonObject().put("planId", plan).put("quantity", 3));
        assertThat(quote.getJsonObject("total").getString("amount")).isEqualTo("29.70");
        HttpResponse<Buffer> unknown = server.post(OTHER_TENANT, "/v1/quotes", new JsonObject().put("planId", plan));
        assertThat(unknown.statusCode()).isEqualTo(422);
    }
}
