package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** 4: warned once at 80 %, slowed by a signed callback at 100 %, confirmed, told to the shop. */
final class ThrottleStep implements Step {
    @Override
    public String name() {
        return "throttle";
    }

    @Override
    public String play(World world) throws IOException, GeneralSecurityException {
        Traveller alice = world.traveller("Alice");
        String id = alice.subscriptionId();
        long used = world.balance(alice).get("usedBytes").asLong();
        long to85 = 3 * Shop.GB * 85 / 100 - used;
        Meter.expect(Meter.report(world, Meter.record(alice, Instant.now(), 0, to85, "video")), 1, 0);
        Meter.expect(Meter.report(world, Meter.record(alice, Instant.now(), 0, 10 * Shop.MB, "video")), 1, 0);
        world.receivers().event(id, "usage.threshold_reached");
        Expect.equal(1, world.receivers().events(id, "usage.threshold_reached"), "warnings at 80 %");

        long version = world.policyVersion(alice);
        long started = System.nanoTime();
        Meter.expect(Meter.report(world, Meter.record(alice, Instant.now(), 0, Shop.GB, "video")), 1, 0);
        DemoNetwork.Enforced callback = world.receivers().policy(id, version, "384 kbit/s");
        JsonNode data = callback.data();
        Expect.equal(384, data.path("kbpsDown").asLong(), "kbit/s in the callback");
        Expect.that(data.get("iccid").asText().startsWith(alice.iccid()), "the callback names the SIM");
        Expect.that(
                world.signatures().holdsV1(world.receivers().event(id, "policy.decided")),
                "the webhook's signature holds");
        world.receivers().event(id, "policy.applied");
        long ms = (callback.atNanos() - started) / 1_000_000;
        return "warned once at 80 %; at 100 % callback " + data.get("kbpsDown").asInt() + " kbit/s ("
                + data.get("reason").asText() + ") after " + ms
                + " ms, over mutual TLS, its v1a signature verified by the reference receiver; network confirmed;"
                + " shop told by webhook";
    }
}
