package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.ALL_SCOPES;
import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OrderApiTest {
    private static final int PARALLEL = 50;

    private static ResellerServer server;
    private static String plan;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
        plan = server.francePlan(TENANT);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void orderGivesActivationAsDataAndPictures() throws Exception {
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(plan));
        assertThat(order.getString("status")).isEqualTo("completed");
        assertThat(order.encode()).doesNotContain("LPA:");
        assertThat(server.get(TENANT, "/v1/orders/" + order.getString("id")).bodyAsJsonObject())
                .isEqualTo(order);
        String path = order.getJsonArray("subscriptions").getJsonObject(0).getString("activationUrl");
        HttpResponse<Buffer> json = server.get(TENANT, path);
        assertThat(json.getHeader("Cache-Control")).isEqualTo("no-store");
        JsonObject activation = json.bodyAsJsonObject();
        String code = activation.getString("code");
        assertThat(code)
                .isEqualTo("LPA:1$" + activation.getString("smdpAddress") + "$" + activation.getString("matchingId"));
        assertThat(activation.getJsonObject("links").getString("ios")).endsWith("?carddata=" + code);
        HttpResponse<Buffer> png = server.get(TENANT, path, Map.of("Accept", "image/png"));
        assertThat(png.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(read(png.body().getBytes())).isEqualTo(code);
        HttpResponse<Buffer> svg = server.get(TENANT, path, Map.of("Accept", "image/svg+xml, */*;q=0.1"));
        assertThat(svg.getHeader("Content-Type")).isEqualTo("image/svg+xml");
        assertThat(svg.bodyAsString()).startsWith("<svg ").doesNotContain(code);
        assertThat(server.get(TENANT, path, Map.of("Accept", "image/webp")).statusCode())
                .isEqualTo(406);
    }

    @Test
    void usedCodeIsSaidAndNotDrawn() throws Exception {
        String path = "/v1/subscriptions/" + server.subscription(TENANT) + "/activation";
        server.profiles.use(server.get(TENANT, path).bodyAsJsonObject().getString("matchingId"));
        assertThat(server.get(TENANT, path).bodyAsJsonObject().getString("state"))
                .isEqualTo("used");
        HttpResponse<Buffer> picture = server.get(TENANT, path, Map.of("Accept", "image/png"));
        assertThat(picture.statusCode()).isEqualTo(409);
        assertThat(picture.bodyAsJsonObject().getString("code")).isEqualTo("activation_used");
    }

    @Test
    void tokenThatOnlyReadsGetsNoLinkThatWrites() throws Exception {
        String path = "/v1/subscriptions/" + server.subscription(TENANT);
        HttpResponse<Buffer> read =
                ResellerServer.await(server.begin(TENANT, "subscriptions:read", HttpMethod.GET, path, Map.of(), null));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.bodyAsJsonObject().containsKey("selfCareUrl")).isFalse();
        assertThat(server.get(TENANT, path).bodyAsJsonObject().getString("selfCareUrl"))
                .startsWith("https://localhost:8443/s/oct_");
    }

    @Test
    void planThatIsOverIsNotSold() throws Exception {
        JsonObject body = Bodies.plan();
        body.getJsonObject("validity").put("start", "fixed").put("startsAt", "2026-01-01T00:00:00+01:00");
        String over = server.created(TENANT, "/v1/plans", body).getString("id");
        assertRefused(Bodies.order(over), "plan_over");
        HttpResponse<Buffer> quote = server.post(TENANT, "/v1/quotes", new JsonObject().put("planId", over));
        assertThat(quote.statusCode()).isEqualTo(422);
        assertThat(quote.bodyAsJsonObject().getString("code")).isEqualTo("plan_over");
    }

    @Test
    void secondOrderWithSameKeyReturnsTheFirst() throws Exception {
        String key = "\"" + UUID.randomUUID() + "\"";
        HttpResponse<Buffer> first = server.post(TENANT, "/v1/orders", Bodies.order(plan), key);
        HttpResponse<Buffer> second = server.post(TENANT, "/v1/orders", Bodies.order(plan), key);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.bodyAsJsonObject()).isEqualTo(first.bodyAsJsonObject());
        assertThat(first.getHeader("Idempotency-Replayed")).isNull();
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        HttpResponse<Buffer> other =
                server.post(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 2), key);
        assertThat(other.statusCode()).isEqualTo(422);
        HttpResponse<Buffer> without = server.send(TENANT, HttpMethod.POST, "/v1/orders", Map.of(), Bodies.order(plan));
        assertThat(without.statusCode()).isEqualTo(400);
    }

    @Test
    void fiftyClientsWithOneKeyMakeOneOrder() throws Exception {
        String key = UUID.randomUUID().toString();
        long before = count("purchase");
        Set<String> orders = new HashSet<>();
        int waiting = PARALLEL;
        while (waiting > 0) {
            List<Future<HttpResponse<Buffer>>> sent = new ArrayList<>();
            for (int i = 0; i < waiting; i++) {
                sent.add(server.begin(
                        TENANT,
                        ALL_SCOPES,
                        HttpMethod.POST,
                        "/v1/orders",
                        Map.of("Idempotency-Key", key),
                        Bodies.order(plan)));
            }
            waiting = 0;
            for (Future<HttpResponse<Buffer>> each : sent) {
                HttpResponse<Buffer> response = ResellerServer.await(each);
                // Told to wait while the first one runs: so they do, and ask again.
                assertThat(response.statusCode()).as(response.bodyAsString()).isIn(201, 409);
                if (response.statusCode() == 201) {
                    orders.add(response.bodyAsString());
                } else {
                    waiting++;
                }
            }
        }
        assertThat(orders).hasSize(1);
        assertThat(count("purchase")).isEqualTo(before + 1);
    }

    @Test
    void everySubscriptionOfAnOrderIsListed() throws Exception {
        JsonObject order = server.created(
                TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 3).put("externalReference", "web-1"));
        assertThat(order.getJsonObject("total").getString("amount")).isEqualTo("29.70");
        JsonObject listed = server.get(TENANT, "/v1/subscriptions?orderId=" + order.getString("id"))
                .bodyAsJsonObject();
        assertThat(ids(listed)).containsExactlyInAnyOrderElementsOf(subscriptions(order));
        for (String id : subscriptions(order)) {
            JsonObject subscription =
                    server.get(TENANT, "/v1/subscriptions/" + id).bodyAsJsonObject();
            assertThat(subscription.getString("orderId")).isEqualTo(order.getString("id"));
            assertThat(statuses(listed)).containsEntry(id, subscription.getString("status"));
            assertThat(subscription.getString("labelHash")).isEqualTo(order.getString("labelHash"));
            assertThat(subscription.getString("timeZone")).isEqualTo("Europe/Paris");
            assertThat(subscription.getString("selfCareUrl")).startsWith("https://localhost:8443/s/oct_");
        }
    }

    private static Map<String, String> statuses(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(each -> each.getString("id"), each -> each.getString("status")));
    }

    /** Whoever lost the answer, and the key with it, must not have to order again. */
    @Test
    void orderIsFoundByTheNumberThatTheResellerGaveIt() throws Exception {
        String mine = "web 7/#" + UUID.randomUUID();
        JsonObject wanted = Bodies.order(plan).put("externalReference", mine);
        JsonObject first = server.created(TENANT, "/v1/orders", wanted);
        JsonObject twice = server.created(TENANT, "/v1/orders", wanted);
        server.created(
                OTHER_TENANT,
                "/v1/orders",
                Bodies.order(server.francePlan(OTHER_TENANT)).put("externalReference", mine));
        JsonObject other = server.created(TENANT, "/v1/orders", Bodies.order(plan));

        String query = "/v1/orders?externalReference=" + URLEncoder.encode(mine, StandardCharsets.UTF_8);
        assertThat(server.get(TENANT, query).bodyAsJsonObject().getJsonArray("items"))
                .containsExactly(twice, first);
        JsonObject page = server.get(TENANT, query + "&limit=1").bodyAsJsonObject();
        assertThat(ids(page)).containsExactly(twice.getString("id"));
        assertThat(ids(server.get(TENANT, query + "&limit=1&after=" + page.getString("next"))
                        .bodyAsJsonObject()))
                .containsExactly(first.getString("id"));
        assertThat(server.get(TENANT, "/v1/orders?limit=1&after=" + page.getString("next"))
                        .statusCode())
                .as("a cursor of another list")
                .isEqualTo(400);
        assertThat(ids(server.get(TENANT, "/v1/orders?limit=2").bodyAsJsonObject()))
                .containsExactly(other.getString("id"), twice.getString("id"));
        assertThat(ids(server.get(TENANT, "/v1/orders?externalReference=none").bodyAsJsonObject()))
                .isEmpty();
    }

    @Test
    void orderAtAQuoteHasThePriceOfTheQuote() throws Exception {
        String own = server.francePlan(TENANT);
        JsonObject quote = server.created(TENANT, "/v1/quotes", new JsonObject().put("planId", own));
        server.put(TENANT, "/v1/plans/" + own, Bodies.plan().put("price", Bodies.money("99.00")), "\"1\"");
        JsonObject request = Bodies.order(own).put("quoteId", quote.getString("id"));
        JsonObject order = server.created(TENANT, "/v1/orders", request);
        assertThat(order.getJsonObject("total").getString("amount")).isEqualTo("9.90");
        assertThat(order.getInteger("planVersion")).isEqualTo(1);
        assertRefused(request.copy().put("quantity", 2), "quote_mismatch");
        assertRefused(request.copy().put("quoteId", "quote_0000000000001"), "unknown_quote");
    }

    @Test
    void impossibleOrdersAreRefusedAndKept() throws Exception {
        assertRefused(Bodies.order("plan_0000000000001"), "unknown_plan");
        assertRefused(Bodies.order(server.francePlan(OTHER_TENANT)), "unknown_plan");
        assertRefused(Bodies.order(plan).put("timeZone", "Europe/Atlantis"), "unknown_time_zone");
    }

    @Test
    void nothingIsWrittenWhenAPartFails() throws Exception {
        String key = UUID.randomUUID().toString();
        long purchases = count("purchase");
        long subscriptions = count("subscription");
        long accounts = count("account");
        server.profiles.failNext();
        assertThat(server.post(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 2), key)
                        .statusCode())
                .isEqualTo(500);
        assertThat(count("purchase")).isEqualTo(purchases);
        assertThat(count("subscription")).isEqualTo(subscriptions);
        assertThat(count("account")).isEqualTo(accounts);
        HttpResponse<Buffer> again =
                server.post(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 2), key);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.getHeader("Idempotency-Replayed")).isNull();
    }

    @Test
    void subscriptionIsFoundByTheIccidThatItsPhoneShowsAndByThatOfALostOne() throws Exception {
        String id = server.subscription(TENANT);
        String path = "/v1/subscriptions/" + id;
        JsonObject iccid = iccid(path);
        assertThat(found(TENANT, iccid).bodyAsJsonObject().getString("id")).isEqualTo(id);
        assertThat(found(OTHER_TENANT, iccid).statusCode()).isEqualTo(404);
        assertThat(found(TENANT, new JsonObject().put("iccid", "8900000000000000000"))
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<Buffer> replaced =
                server.post(TENANT, path + "/replace-profile", new JsonObject().put("reason", "lost"));
        assertThat(replaced.statusCode()).as(replaced.bodyAsString()).isEqualTo(200);
        assertThat(iccid(path)).isNotEqualTo(iccid);
        for (JsonObject either : List.of(iccid, iccid(path))) {
            assertThat(found(TENANT, either).bodyAsJsonObject().getString("id")).isEqualTo(id);
        }
    }

    private static JsonObject iccid(String path) throws Exception {
        JsonObject profile = server.get(TENANT, path).bodyAsJsonObject().getJsonObject("profile");
        return new JsonObject().put("iccid", profile.getString("iccid"));
    }

    private static HttpResponse<Buffer> found(int tenant, JsonObject iccid) throws Exception {
        return server.post(tenant, "/v1/subscriptions/find", iccid);
    }

    /** As the contract says: what the headers lack comes before what the body says. */
    @Test
    void aKeyThatIsMissingIsToldBeforeATimeZoneThatThereIsNot() throws Exception {
        JsonObject mars = new JsonObject().put("timeZone", "Mars/Olympus");
        String zone = "/v1/subscriptions/" + server.subscription(TENANT) + "/time-zone";
        JsonObject order = Bodies.order(server.francePlan(TENANT)).mergeIn(mars);
        for (Map.Entry<String, JsonObject> each :
                Map.of("/v1/orders", order, zone, mars).entrySet()) {
            HttpResponse<Buffer> refused =
                    server.send(TENANT, HttpMethod.POST, each.getKey(), Map.of(), each.getValue());
            assertThat(refused.bodyAsJsonObject().getString("code"))
                    .as(each.getKey())
                    .isEqualTo("idempotency_key_missing");
        }
    }

    /** Whoever bills by orders must see what was taken back. */
    @Test
    void orderTellsWhichOfItsSubscriptionsWereTakenBack() throws Exception {
        JsonObject two = Bodies.order(server.francePlan(TENANT)).put("quantity", 2);
        JsonObject order = server.created(TENANT, "/v1/orders", two);
        String second = order.getJsonArray("subscriptions").getJsonObject(1).getString("url");
        assertThat(order.getJsonArray("subscriptions").toString()).doesNotContain("cancelledAt");
        server.post(TENANT, second + "/cancel", new JsonObject().put("reason", "money back"));
        JsonObject read =
                server.get(TENANT, "/v1/orders/" + order.getString("id")).bodyAsJsonObject();
        JsonObject listed = server.get(TENANT, "/v1/orders?limit=1")
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(listed).isEqualTo(read);
        assertThat(read.getJsonArray("subscriptions").getJsonObject(0).getString("cancelledAt"))
                .isNull();
        assertThat(read.getJsonArray("subscriptions").getJsonObject(1).getString("cancelledAt"))
                .isEqualTo(server.get(TENANT, second).bodyAsJsonObject().getString("cancelledAt"))
                .isNotNull();
    }

    @Test
    void timelineBeginsWithTheOrder() throws Exception {
        String id = server.subscription(TENANT);
        JsonObject timeline =
                server.get(TENANT, "/v1/subscriptions/" + id + "/timeline").bodyAsJsonObject();
        JsonObject first = timeline.getJsonArray("items").getJsonObject(0);
        assertThat(first.getString("kind")).isEqualTo("order");
        assertThat(first.getString("summary")).isEqualTo("Ordered");
        assertThat(first.getJsonObject("details").getString("subscription")).isEqualTo(id);
    }

    private static void assertRefused(JsonObject body, String code) throws Exception {
        String key = UUID.randomUUID().toString();
        HttpResponse<Buffer> refused = server.post(TENANT, "/v1/orders", body, key);
        assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo(code);
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    private static List<String> subscriptions(JsonObject order) {
        return order.getJsonArray("subscriptions").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    private static long count(String table) throws Exception {
        try (var connection = TestDatabase.connect(server.config);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String read(byte[] png) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(source)), Map.of(DecodeHintType.PURE_BARCODE, true))
                .getText();
    }
}
