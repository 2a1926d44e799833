package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** 5: a gigabyte more, and full speed in the same second. */
final class TopUpStep implements Step {
    @Override
    public String name() {
        return "top up";
    }

    @Override
    public String play(World world) throws IOException {
        Traveller alice = world.traveller("Alice");
        long version = world.policyVersion(alice);
        long started = System.nanoTime();
        JsonNode topUp = world.actors()
                .reseller()
                .post(
                        "/v1/subscriptions/" + alice.subscriptionId() + "/top-ups",
                        ApiClient.JSON.createObjectNode().put("bytes", Shop.GB),
                        Actors.idempotent("top-up", Shop.next()))
                .expect(201)
                .json();
        DemoNetwork.Enforced callback = world.receivers().policy(alice.subscriptionId(), version, "full speed");
        JsonNode data = callback.data();
        Expect.equal(0, data.get("level").asLong(), "policy level");
        long ms = (callback.atNanos() - started) / 1_000_000;
        Expect.that(ms < 1_000, "restored in the same second, it took " + ms + " ms");
        return "1 GB added, %,d bytes left; full speed by callback after %d ms"
                .formatted(topUp.get("remainingBytes").asLong(), ms);
    }
}
