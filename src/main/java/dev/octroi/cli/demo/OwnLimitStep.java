package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;

/** 6: the traveller's own 300 MB a day, set on the self-care page, reached, explained. */
final class OwnLimitStep implements Step {
    static final String PLAN = "France 10 GB, 30 days";

    @Override
    public String name() {
        return "own limit";
    }

    @Override
    public String play(World world) throws IOException {
        Traveller bob = Shop.sell(world, ZoneStep.planWithZone(world));
        world.meet("Bob", bob);
        ApiClient anyone = world.actors().anyone();
        ObjectNode limit = Actors.object("action", "slow");
        limit.put("dailyBytes", 300 * Shop.MB).put("kbps", 512);
        anyone.put(bob.selfCarePath() + "/limits.json", limit, Map.of()).expect(200);

        long version = world.policyVersion(bob);
        Meter.expect(
                Meter.report(world, Meter.record(bob, Instant.now(), 10 * Shop.MB, 295 * Shop.MB, "social")), 1, 0);
        JsonNode data = world.receivers()
                .policy(bob.subscriptionId(), version, "512 kbit/s by the traveller's own limit")
                .data();
        Expect.equal(512, data.path("kbpsDown").asLong(), "kbit/s in the callback");
        Instant until = Instant.parse(data.get("until").asText());
        Expect.that(
                until.atZone(world.zone()).toLocalTime().equals(LocalTime.MIDNIGHT),
                "slowed until midnight in " + world.zone());
        JsonNode state =
                anyone.get(bob.selfCarePath() + "/state.json").expect(200).json();
        ApiClient.Answer page = anyone.get(bob.selfCarePath()).expect(200);
        Expect.that(page.body().length <= 30 * 1024, "the page has at most 30 KB");
        return "300 MB a day set by the traveller and reached: 512 kbit/s until midnight in " + world.zone()
                + "; the page (" + page.body().length + " B) says: \""
                + state.get("sentence").asText() + "\"";
    }
}
