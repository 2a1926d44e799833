package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** 10: killed in the middle of a batch, started again, the batch sent again: nothing lost, nothing twice. */
final class CrashStep implements Step {
    private static final int RECORDS = 4_000;
    private static final int CHUNK = 200;
    private static final int KILL_AFTER_CHUNKS = 5;

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String play(World world) throws IOException, InterruptedException {
        Traveller bob = world.traveller("Bob");
        long before = world.balance(bob).get("usedBytes").asLong();
        List<ObjectNode> records = new ArrayList<>();
        long bytes = 0;
        Instant now = Instant.now();
        for (int i = 0; i < RECORDS; i++) {
            records.add(Meter.record(bob, now.minusMillis(i), 1_000 + i, 20_000, "web"));
            bytes += 21_000 + i;
        }
        AtomicInteger answered = new AtomicInteger();
        Thread sender = Thread.ofVirtual().start(() -> sendUntilItFails(world, records, answered));
        while (answered.get() < KILL_AFTER_CHUNKS && sender.isAlive()) {
            Thread.onSpinWait();
        }
        world.gateway().kill();
        sender.join();
        long restarting = System.nanoTime();
        world.gateway().start();
        long restartMs = (System.nanoTime() - restarting) / 1_000_000;

        int counted = 0;
        int duplicate = 0;
        for (int from = 0; from < RECORDS; from += CHUNK) {
            JsonNode answer = Meter.report(world, records.subList(from, from + CHUNK));
            counted += answer.get("counted").asInt();
            duplicate += answer.get("duplicate").asInt();
        }
        Expect.equal(RECORDS, counted + duplicate, "records answered");
        Expect.that(duplicate >= answered.get() * CHUNK, "every record answered before the crash was kept");
        Expect.equal(before + bytes, world.balance(bob).get("usedBytes").asLong(), "bytes used after the crash");
        return "killed after %d of %d records were answered; back in %d ms; sent again: %d already there, %d new; %,d bytes, to the byte"
                .formatted(answered.get() * CHUNK, RECORDS, restartMs, duplicate, counted, bytes);
    }

    private static void sendUntilItFails(World world, List<ObjectNode> records, AtomicInteger answered) {
        try {
            for (int from = 0; from < RECORDS; from += CHUNK) {
                Meter.report(world, records.subList(from, from + CHUNK));
                answered.incrementAndGet();
            }
        } catch (IOException | NotObserved e) {
            // The gateway was killed under us, as it was meant to be.
        }
    }
}
