package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** 8: after two weeks of ordinary use an app uploads through the night; stopped, explained, credited, restored. */
final class DrainStep implements Step {
    private static final int HISTORY_DAYS = 14;
    private static final Duration NIGHT_OVER = Duration.ofHours(6);

    @Override
    public String name() {
        return "drain";
    }

    @Override
    public String play(World world) throws IOException {
        String planId = Shop.offer(
                world, Shop.plan("France 20 GB, 30 days, guarded", 20 * Shop.GB, 30, "on_first_use", "suspend"));
        Traveller carol = Shop.sell(world, planId);
        world.meet("Carol", carol);
        // The evening before the last night that is wholly over.
        LocalDate lastNight = LocalDate.ofInstant(Instant.now().minus(NIGHT_OVER), world.zone())
                .minusDays(1);
        List<ObjectNode> history = history(world, carol, lastNight);
        Meter.expect(Meter.report(world, history), history.size(), 0);
        Expect.equal(0, world.receivers().events(carol.subscriptionId(), "anomaly.opened"), "alarms in ordinary weeks");

        long version = world.policyVersion(carol);
        long drained = night(world, carol, lastNight);
        JsonNode alarm = world.receivers()
                .event(carol.subscriptionId(), "anomaly.opened")
                .json()
                .get("data");
        JsonNode policy = world.receivers()
                .policy(carol.subscriptionId(), version, "suspension of data")
                .data();
        Expect.that(policy.get("reason").asText().startsWith("drain."), "suspended because of the drain");
        String caseId = openCase(world, carol);
        long restoredAfterMs = settle(world, carol, caseId, drained);
        return "alarm \"%s\": %,d MB seen, %,d to %,d MB expected; data suspended by callback; case %s; credited %,d MB and lifted, restored after %d ms"
                .formatted(
                        alarm.get("kind").asText(),
                        alarm.get("observedBytes").asLong() / Shop.MB,
                        alarm.get("expectedLowBytes").asLong() / Shop.MB,
                        alarm.get("expectedHighBytes").asLong() / Shop.MB,
                        caseId,
                        drained / Shop.MB,
                        restoredAfterMs);
    }

    /** Ordinary days: a little in the morning, at noon, more in the evening, nothing at night. */
    private static List<ObjectNode> history(World world, Traveller traveller, LocalDate lastNight) {
        Random random = new Random(11);
        List<Instant> ends = new ArrayList<>();
        for (int day = HISTORY_DAYS; day >= 1; day--) {
            for (int hour : new int[] {7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22}) {
                ends.add(at(world, lastNight.minusDays(day - 1), hour).plusSeconds(random.nextInt(3_000)));
            }
        }
        ends.removeIf(end -> !end.isBefore(at(world, lastNight.plusDays(1), 0)));
        ends.sort(Comparator.naturalOrder());
        String[] categories = {"web", "social", "msg", "web", "video"};
        List<ObjectNode> records = new ArrayList<>();
        for (Instant end : ends) {
            String category = categories[random.nextInt(categories.length)];
            long down = (long) ((category.equals("video") ? 25 : 6) * Shop.MB * (0.6 + random.nextDouble()));
            records.add(Meter.record(traveller, end, down / 12, down, category));
        }
        return records;
    }

    /** An upload every ten minutes from half past midnight on; stops when the gate closes. */
    private static long night(World world, Traveller traveller, LocalDate lastNight) throws IOException {
        long drained = 0;
        Instant start = at(world, lastNight.plusDays(1), 0).plusSeconds(1_800);
        for (int i = 0; i < 30; i++) {
            long up = 60 * Shop.MB + i * 1_000L;
            Instant end = start.plusSeconds(600L * i);
            if (end.isAfter(Instant.now())) {
                break;
            }
            Meter.expect(Meter.report(world, Meter.record(traveller, end, up, up / 40, "cloud")), 1, 0);
            drained += up + up / 40;
            if (isSuspended(world, traveller)) {
                break;
            }
        }
        return drained;
    }

    private static boolean isSuspended(World world, Traveller traveller) throws IOException {
        return world.balance(traveller).at("/policy/level").asText().startsWith("suspended");
    }

    private static String openCase(World world, Traveller traveller) throws IOException {
        JsonNode cases = world.actors().reseller().get("/v1/cases").expect(200).json();
        for (JsonNode each : cases.get("items")) {
            if (each.get("subscriptionId").asText().equals(traveller.subscriptionId())) {
                return each.get("id").asText();
            }
        }
        throw new NotObserved("no case was opened for the alarm");
    }

    /** Support looks at the evidence, credits what was lost and lifts the suspension. */
    private static long settle(World world, Traveller traveller, String caseId, long lostBytes) throws IOException {
        ApiClient support = world.actors().admin("support", "cases:read", "cases:write", "policies:read");
        String path = "/admin/v1/cases/" + caseId;
        JsonNode evidence = support.get(path + "/evidence").expect(200).json();
        Expect.that(evidence.size() >= 4, "the case comes with its evidence");
        long version = world.policyVersion(traveller);
        long before = world.balance(traveller).get("remainingBytes").asLong();
        ObjectNode settlement = Actors.object("reason", "An app uploaded at night; the volume is given back");
        settlement.put("creditBytes", lostBytes).put("lift", true);
        long started = System.nanoTime();
        support.post(path + "/settle", settlement, Actors.idempotent("case", Shop.next()))
                .expect(200);
        DemoNetwork.Enforced restored =
                world.receivers().network().policy(traveller.subscriptionId(), version, 0, "restored");
        Expect.equal(
                before + lostBytes,
                world.balance(traveller).get("remainingBytes").asLong(),
                "bytes after credit");
        return (restored.atNanos() - started) / 1_000_000;
    }

    private static Instant at(World world, LocalDate day, int hour) {
        return day.atTime(LocalTime.of(hour, 0)).atZone(world.zone()).toInstant();
    }
}
