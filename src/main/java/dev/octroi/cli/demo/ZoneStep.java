package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** 7: slower in central Paris, back on leaving. */
final class ZoneStep implements Step {
    /** What begins by itself holds so long in the story; a minute unless a gateway is told otherwise. */
    static final int DWELL_SECONDS = 2;

    private static final String INSIDE = "1D4E";
    private static final String OUTSIDE = "1E01";
    private static final int CAP_KBPS = 2_000;

    /** A plan with a slower zone: tracking areas of central Paris. */
    static String planWithZone(World world) throws IOException {
        ObjectNode zone = Actors.object("name", "Central Paris");
        List.of("1D4C", "1D4D", INSIDE, "1D4F")
                .forEach(tac -> zone.withArray("trackingAreas").add("208-01-" + tac));
        String zoneId = world.actors()
                .reseller()
                .post("/v1/zones", zone, Actors.idempotent("zone", Shop.next()))
                .expect(201)
                .json()
                .get("id")
                .asText();
        ObjectNode plan = Shop.plan(OwnLimitStep.PLAN, 10 * Shop.GB, 30, "on_order", "notify");
        plan.putArray("zoneCaps").addObject().put("zoneId", zoneId).set("rate", Shop.rate(CAP_KBPS, CAP_KBPS));
        return Shop.offer(world, plan);
    }

    @Override
    public String name() {
        return "zone";
    }

    @Override
    public String play(World world) throws IOException {
        Traveller bob = world.traveller("Bob");
        ApiClient anyone = world.actors().anyone();
        anyone.send("POST", bob.selfCarePath() + "/resume.json", "application/json", "{}", java.util.Map.of())
                .expect(200);
        long version = world.policyVersion(bob);
        long started = System.nanoTime();
        Meter.locate(world, bob, INSIDE);
        DemoNetwork.Enforced entered = world.receivers().policy(bob.subscriptionId(), version, "zone cap");
        JsonNode data = entered.data();
        Expect.equal(CAP_KBPS, data.path("kbpsDown").asLong(), "kbit/s in the zone");
        long inMs = (entered.atNanos() - started) / 1_000_000;
        started = System.nanoTime();
        Meter.locate(world, bob, OUTSIDE);
        DemoNetwork.Enforced left = world.receivers()
                .network()
                .policy(bob.subscriptionId(), data.get("version").asLong(), "restored on leaving");
        Expect.equal(0, left.data().path("level").asLong(), "policy level outside");
        long outMs = (left.atNanos() - started) / 1_000_000;
        long heldMs = (left.atNanos() - entered.atNanos()) / 1_000_000;
        Expect.that(heldMs > (DWELL_SECONDS - 1) * 1_000L, "held " + heldMs + " ms, less than its dwell");
        return "entered tracking area " + INSIDE + " (central Paris): " + CAP_KBPS + " kbit/s after " + inMs
                + " ms; left it: full speed after " + outMs + " ms, not before it had held " + DWELL_SECONDS
                + " s (here; a minute by default)";
    }
}
