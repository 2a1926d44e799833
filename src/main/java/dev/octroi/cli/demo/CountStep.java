package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** 3: the network reports single records and batches, repeated and out of order; every byte is right. */
final class CountStep implements Step {
    private static final int BATCH = 400;
    private static final int REPEATED = 60;

    @Override
    public String name() {
        return "count";
    }

    @Override
    public String play(World world) throws IOException {
        Traveller alice = world.traveller("Alice");
        Instant now = Instant.now();
        ObjectNode single = Meter.record(alice, now, 120_400, 5_242_880, "video");
        Meter.expect(Meter.report(world, single), 1, 0);
        Meter.expect(Meter.report(world, single), 0, 1);
        long bytes = 120_400 + 5_242_880;

        List<ObjectNode> records = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            long up = 1_000L + i;
            long down = 1_000_003L * (i % 5 + 1);
            bytes += up + down;
            records.add(Meter.record(alice, now.minusMillis(37L * i), up, down, i % 2 == 0 ? "web" : "social"));
        }
        List<ObjectNode> sent = new ArrayList<>(records);
        sent.addAll(records.subList(0, REPEATED));
        Collections.shuffle(sent, new Random(7));
        Meter.expect(Meter.report(world, sent), BATCH, REPEATED);

        JsonNode balance = world.balance(alice);
        Expect.equal(bytes, balance.get("usedBytes").asLong(), "bytes used");
        Expect.equal(3 * Shop.GB - bytes, balance.get("remainingBytes").asLong(), "bytes left");
        JsonNode usage = world.actors()
                .reseller()
                .get("/v1/subscriptions/" + alice.subscriptionId() + "/usage?granularity=hour")
                .expect(200)
                .json();
        Expect.equal(bytes, usage.at("/total/bytes").asLong(), "bytes in the hourly usage");
        Expect.that(balance.at("/reading/asOf").isTextual(), "the reading says how fresh it is");
        return "%,d bytes of %d records, to the byte; %d repeats recognised; as of %s; forecast %s"
                .formatted(
                        bytes,
                        BATCH + 1,
                        REPEATED + 1,
                        balance.at("/reading/asOf").asText(),
                        balance.at("/forecast/depletesAt").asText("not yet"));
    }
}
