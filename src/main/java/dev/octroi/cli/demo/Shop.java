package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the reseller's back end does in several steps. */
final class Shop {
    static final long GB = 1_000_000_000L;
    static final long MB = 1_000_000L;

    private static final AtomicInteger ORDERS = new AtomicInteger();

    private Shop() {}

    /** A plan as the catalogue wants it: volume, days, what follows. */
    static ObjectNode plan(String name, long bytes, int days, String start, String drainPolicy) {
        ObjectNode plan = Actors.object("name", name);
        plan.set("price", money("9.90"));
        plan.put("includedBytes", bytes);
        plan.set("validity", Actors.object("start", start, "unit", "day").put("amount", days));
        ObjectNode after = Actors.object("action", "slow");
        after.set("rate", rate(384, 384));
        plan.set("afterExhaustion", after);
        plan.putArray("countries").add("FR");
        plan.put("drainPolicy", drainPolicy);
        return plan;
    }

    static ObjectNode rate(int down, int up) {
        return ApiClient.JSON.createObjectNode().put("up", up).put("down", down);
    }

    /** Puts a plan into the catalogue. */
    static String offer(World world, ObjectNode plan) throws IOException {
        return world.actors()
                .reseller()
                .post("/v1/plans", plan, Actors.idempotent("plan", next()))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    /** The body of an order. */
    static ObjectNode order(World world, String planId) {
        return Actors.object("planId", planId, "timeZone", world.zone().getId(), "language", "en");
    }

    /** Orders a plan for somebody new. */
    static Traveller sell(World world, String planId) throws IOException {
        JsonNode order = world.actors()
                .reseller()
                .post("/v1/orders", order(world, planId), Actors.idempotent("order", next()))
                .expect(201)
                .json();
        return traveller(world, order.at("/subscriptions/0/id").asText());
    }

    /** Reads a subscription. */
    static Traveller traveller(World world, String subscriptionId) throws IOException {
        JsonNode subscription = world.actors()
                .reseller()
                .get("/v1/subscriptions/" + subscriptionId)
                .expect(200)
                .json();
        return new Traveller(
                subscriptionId,
                subscription.at("/profile/iccid").asText(),
                subscription.get("selfCareUrl").asText());
    }

    static String next() {
        return Duration.ofNanos(System.nanoTime()).toMillis() + "-" + ORDERS.incrementAndGet();
    }

    private static ObjectNode money(String amount) {
        return Actors.object("amount", amount, "currency", "EUR");
    }
}
