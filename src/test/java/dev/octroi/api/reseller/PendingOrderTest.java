package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders whose profiles come from another SM-DP+, as a reseller sees them. */
class PendingOrderTest {
    private ResellerServer server;
    private Elsewhere elsewhere;
    private String plan;

    @BeforeEach
    void start() throws Exception {
        server = new ResellerServer();
        elsewhere = server.elsewhere();
        plan = server.francePlan(TENANT);
    }

    @AfterEach
    void stop() throws Exception {
        elsewhere.close();
        server.close();
    }

    @Test
    void planWithAProfileTypeIsServedFromStockAtOnceWhileOthersAreOrderedElsewhere() throws Exception {
        String stocked = server.created(TENANT, "/v1/plans", Bodies.plan().put("profileType", FakeProfiles.STOCKED))
                .getString("id");
        JsonObject order =
                server.created(TENANT, "/v1/orders", Bodies.order(stocked).put("quantity", 2));
        assertThat(order.getString("status")).isEqualTo("completed");
        assertThat(subscription(order, 0).getJsonObject("profile").getString("iccid"))
                .isNotEqualTo(subscription(order, 1).getJsonObject("profile").getString("iccid"));
        assertThat(activation(order, 1).statusCode()).isEqualTo(200);
        assertThat(elsewhere.reserved()).isZero();
    }

    @Test
    void orderIsPendingUntilItsProfileIsThere() throws Exception {
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(plan));
        assertThat(order.getString("status")).isEqualTo("pending");
        assertThat(read(order)).isEqualTo(order);
        assertPending(order);
        assertThat(subscription(order, 0).getJsonObject("profile").containsKey("iccid"))
                .isFalse();

        elsewhere.answer();
        eventually(order, "completed");
        HttpResponse<Buffer> activation = activation(order, 0);
        assertThat(activation.statusCode()).isEqualTo(200);
        assertThat(activation.bodyAsJsonObject().getString("code"))
                .startsWith("LPA:1$" + Elsewhere.ADDRESS + "$")
                .endsWith(activation.bodyAsJsonObject().getString("matchingId"));
        assertThat(activation.bodyAsJsonObject().getString("state")).isEqualTo("available");
        assertThat(activation.getHeader("Cache-Control")).isEqualTo("no-store");
        HttpResponse<Buffer> picture = server.get(TENANT, activationPath(order, 0), Map.of("Accept", "image/png"));
        assertThat(picture.statusCode()).isEqualTo(200);
        told("order.completed", subscriptionId(order, 0));
    }

    @Test
    void activationOfAnOrderThatWaitsIs409InEveryFormat() throws Exception {
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(plan));
        for (String accept : List.of("application/json", "image/png", "image/svg+xml")) {
            HttpResponse<Buffer> response = server.get(TENANT, activationPath(order, 0), Map.of("Accept", accept));
            assertThat(response.statusCode()).isEqualTo(409);
            assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo("activation_pending");
            assertThat(response.getHeader("Retry-After")).matches("[1-9][0-9]*");
        }
        assertThat(server.get(OTHER_TENANT, activationPath(order, 0)).statusCode())
                .as("what waits is no business of another reseller")
                .isEqualTo(404);
    }

    @Test
    void orderThatTheServerRefusesForGoodFailsWithItsCodes() throws Exception {
        elsewhere.refuse(1);
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(plan));
        elsewhere.answer();
        eventually(order, "failed");
        HttpResponse<Buffer> activation = activation(order, 0);
        assertThat(activation.statusCode()).isEqualTo(409);
        assertThat(activation.bodyAsJsonObject().getString("code")).isEqualTo("order_failed");
        assertThat(activation.getHeader("Retry-After"))
                .as("waiting does not help")
                .isNull();
        told("order.failed", subscriptionId(order, 0));
        assertThat(events("order.completed")).isEmpty();
        JsonObject told = data("order.failed").getFirst();
        assertThat(told.getString("subjectCode") + "/" + told.getString("reasonCode"))
                .isEqualTo(GsmaStatus.TYPE_UNKNOWN.toString());
    }

    @Test
    void orderOfWhichOneProfileIsRefusedIsPartial() throws Exception {
        elsewhere.refuse(1);
        JsonObject order =
                server.created(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 3));
        assertThat(order.getString("status")).isEqualTo("pending");
        elsewhere.answer();
        eventually(order, "partial");
        int there = 0;
        for (int i = 0; i < 3; i++) {
            there += activation(order, i).statusCode() == 200 ? 1 : 0;
        }
        assertThat(there).isEqualTo(2);
        eventually(() -> assertThat(events("order.completed")).hasSize(2));
        eventually(() -> assertThat(events("order.failed")).hasSize(1));
    }

    @Test
    void aMemberWhoseProfileNeverComesHoldsNoPlaceAndBuysNothing() throws Exception {
        JsonObject sharing = new JsonObject().put("maxMembers", 2).put("memberBytes", 1_000_000_000L);
        String shared = server.created(TENANT, "/v1/plans", Bodies.plan().put("sharing", sharing))
                .getString("id");
        elsewhere.answer();
        JsonObject owner = server.created(TENANT, "/v1/orders", Bodies.order(shared));
        eventually(owner, "completed");
        elsewhere.refuse(1);
        JsonObject join = Bodies.order(shared).put("sharedWith", subscriptionId(owner, 0));
        JsonObject member = server.created(TENANT, "/v1/orders", join);
        eventually(member, "failed");
        String volume = "/v1/subscriptions/" + subscriptionId(owner, 0) + "/balance";
        eventually(
                () -> assertThat(server.get(TENANT, volume).bodyAsJsonObject().getLong("quotaBytes"))
                        .isEqualTo(3_000_000_000L));
        HttpResponse<Buffer> topUp = server.post(
                TENANT,
                "/v1/subscriptions/" + subscriptionId(member, 0) + "/top-ups",
                new JsonObject().put("bytes", 1_000_000));
        assertThat(topUp.statusCode()).isEqualTo(409);
        assertThat(topUp.bodyAsJsonObject().getString("code")).isEqualTo("order_failed");
        eventually(server.created(TENANT, "/v1/orders", join), "completed");
    }

    @Test
    void sameKeyGivesTheFirstAnswerAndOrdersNothingMore() throws Exception {
        String key = UUID.randomUUID().toString();
        JsonObject first =
                server.post(TENANT, "/v1/orders", Bodies.order(plan), key).bodyAsJsonObject();
        assertThat(server.post(TENANT, "/v1/orders", Bodies.order(plan), key).bodyAsJsonObject())
                .isEqualTo(first);
        elsewhere.answer();
        eventually(first, "completed");
        HttpResponse<Buffer> late = server.post(TENANT, "/v1/orders", Bodies.order(plan), key);
        assertThat(late.statusCode()).isEqualTo(201);
        assertThat(late.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(late.bodyAsJsonObject())
                .as("the answer as it was given; how things stand is read from the order")
                .isEqualTo(first);
        assertThat(elsewhere.reserved()).isEqualTo(1);
        told("order.completed", subscriptionId(first, 0));
    }

    @Test
    void eachSubscriptionGetsAProfileOfItsOwn() throws Exception {
        JsonObject order =
                server.created(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 5));
        elsewhere.answer();
        eventually(order, "completed");
        Set<String> codes = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            codes.add(activation(order, i).bodyAsJsonObject().getString("code"));
            numbers.add(subscription(order, i).getJsonObject("profile").getString("iccid"));
        }
        assertThat(codes).hasSize(5);
        assertThat(numbers).hasSize(5).doesNotContainNull();
        assertThat(elsewhere.reserved()).isEqualTo(5);
    }

    private void assertPending(JsonObject order) throws Exception {
        HttpResponse<Buffer> activation = activation(order, 0);
        assertThat(activation.statusCode()).isEqualTo(409);
        assertThat(activation.bodyAsJsonObject().getString("code")).isEqualTo("activation_pending");
    }

    private void eventually(JsonObject order, String status) {
        eventually(() -> assertThat(read(order).getString("status")).isEqualTo(status));
    }

    /** The feed holds an event back as long as a transaction that began before it is open anywhere on the server. */
    private void told(String type, String subscription) {
        eventually(() -> assertThat(events(type)).containsExactly(subscription));
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(assertion);
    }

    private JsonObject read(JsonObject order) throws Exception {
        return server.get(TENANT, "/v1/orders/" + order.getString("id")).bodyAsJsonObject();
    }

    private HttpResponse<Buffer> activation(JsonObject order, int number) throws Exception {
        return server.get(TENANT, activationPath(order, number));
    }

    private static String activationPath(JsonObject order, int number) {
        return order.getJsonArray("subscriptions").getJsonObject(number).getString("activationUrl");
    }

    private static String subscriptionId(JsonObject order, int number) {
        return order.getJsonArray("subscriptions").getJsonObject(number).getString("id");
    }

    private JsonObject subscription(JsonObject order, int number) throws Exception {
        HttpResponse<Buffer> response = server.get(TENANT, "/v1/subscriptions/" + subscriptionId(order, number));
        assertThat(response.statusCode()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    /** The subscriptions that events of a type are about. */
    private List<String> events(String type) throws Exception {
        return data(type).stream().map(each -> each.getString("subscription")).toList();
    }

    private List<JsonObject> data(String type) throws Exception {
        return server.get(TENANT, "/v1/events").bodyAsJsonObject().getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(event -> event.getString("type").equals(type))
                .map(event -> event.getJsonObject("data"))
                .toList();
    }
}
