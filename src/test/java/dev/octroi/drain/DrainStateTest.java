package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The state is small, survives being stored at any record, and does not depend on who holds it. */
class DrainStateTest {
    private static final long SEED = 77;

    private static List<DrainObservation> eventfulLife() {
        Life life = new Life(SEED).ordinary(0, 24);
        life.flow(life.day(8) + HOUR, 3 * HOUR, 40, 500 * MB, Category.CLOUD, 0.8);
        life.flow(life.day(15) + 9 * HOUR, 6 * HOUR, 90, 6_000 * MB, Category.OTHER, 0.3);
        life.in("JP").flow(life.day(20) + 9 * HOUR, 8 * HOUR, 60, 900 * MB, Category.WEB, 0.1);
        return life.records();
    }

    @Test
    void alarmsAreTheSameWhenTheStateIsStoredAfterEveryRecord() {
        List<DrainObservation> records = eventfulLife();
        List<Life.Told> expected = Life.run(DrainState.fresh(PlanClass.REGULAR), records);
        DrainDetector detector = DrainDetector.shipped();
        List<Life.Told> stored = new ArrayList<>();
        byte[] bytes = DrainState.fresh(PlanClass.REGULAR).toBytes();
        for (DrainObservation record : records) {
            DrainState state = DrainState.fromBytes(bytes);
            if (detector.observe(state, Population.shipped(), record) instanceof Verdict.Alarm alarm) {
                stored.add(new Life.Told(record.eventEndEpochSeconds(), alarm));
            }
            bytes = state.toBytes();
            assertThat(bytes.length).isLessThanOrEqualTo(DrainState.MAX_BYTES);
        }
        assertThat(expected).isNotEmpty();
        assertThat(stored).isEqualTo(expected);
    }

    @Test
    void whatIsMeasuredIsTheSameWhenTheStateIsStoredAfterEveryRecord() {
        DrainDetector detector = DrainDetector.shipped();
        DrainState kept = DrainState.fresh(PlanClass.REGULAR);
        byte[] bytes = DrainState.fresh(PlanClass.REGULAR).toBytes();
        int number = 0;
        for (DrainObservation record : eventfulLife()) {
            DrainState stored = DrainState.fromBytes(bytes);
            Verdict expected = detector.observe(kept, Population.shipped(), record);
            assertThat(detector.observe(stored, Population.shipped(), record))
                    .as("record %d", number)
                    .isEqualTo(expected);
            if (!expected.equals(new Verdict.Quiet(0))) {
                assertThat(stored.quantities()).as("record %d", number).isEqualTo(kept.quantities());
            }
            bytes = stored.toBytes();
            number++;
        }
    }

    @Test
    void aStateThatWasAnotherSubscriptionsBehavesAsOneThatWasNot() {
        DrainDetector detector = DrainDetector.shipped();
        List<List<DrainObservation>> lives = new ArrayList<>();
        List<byte[]> fresh = new ArrayList<>();
        List<byte[]> reused = new ArrayList<>();
        for (PlanClass plan : PlanClass.values()) {
            lives.add(
                    plan == PlanClass.REGULAR
                            ? eventfulLife()
                            : new Life(SEED + plan.code()).ordinary(0, 20).records());
            fresh.add(DrainState.fresh(plan).toBytes());
            reused.add(DrainState.fresh(plan).toBytes());
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int[] next = new int[lives.size()];
        DrainState used = DrainState.fresh(PlanClass.HEAVY);
        for (int step = 0; step < 10_000; step++) {
            int who = random.nextInt(lives.size());
            if (next[who] < lives.get(who).size()) {
                DrainObservation record = lives.get(who).get(next[who]++);
                DrainState own = DrainState.fromBytes(fresh.get(who));
                used.become(reused.get(who));
                Verdict expected = detector.observe(own, Population.shipped(), record);
                assertThat(detector.observe(used, Population.shipped(), record))
                        .as("seed %d, step %d", SEED, step)
                        .isEqualTo(expected);
                assertThat(used.quantities()).as("seed %d, step %d", SEED, step).isEqualTo(own.quantities());
                fresh.set(who, own.toBytes());
                reused.set(who, used.toBytes());
                assertThat(reused.get(who)).as("seed %d, step %d", SEED, step).isEqualTo(fresh.get(who));
            }
        }
    }

    @Test
    void theWorstStateFits() {
        SplittableRandom random = new SplittableRandom(SEED);
        DrainState state = DrainState.fresh(PlanClass.HEAVY);
        for (int i = 0; i < 20_000; i++) {
            Category category = Category.at(random.nextInt(10));
            Life.run(
                    state,
                    List.of(new DrainObservation(
                            Life.START + i * 30L, 1_000_000, 500_000, category, "Z" + random.nextInt(20), 60)));
        }
        assertThat(state.toBytes().length).isLessThanOrEqualTo(DrainState.MAX_BYTES);
        assertThat(DrainState.fromBytes(state.toBytes()).toBytes()).isEqualTo(state.toBytes());
    }

    @Test
    void aCopyDoesNotChangeWithTheOriginal() {
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        List<DrainObservation> records = eventfulLife();
        Life.run(state, records.subList(0, 100));
        DrainState copy = state.copy();
        byte[] before = copy.toBytes();
        Life.run(state, records.subList(100, 200));
        assertThat(copy.toBytes()).isEqualTo(before);
        assertThat(state.toBytes()).isNotEqualTo(before);
    }

    @Test
    void whatGatewaysOfBeforeDoNotKnowComesAfterWhatTheyRead() {
        DrainState plain = DrainState.fresh(PlanClass.REGULAR);
        assertThat(plain.response().sawBadDestination(Life.START)).isTrue();
        byte[] before = plain.toBytes();
        DrainState state = DrainState.fromBytes(before);
        assertThat(state.response().sawBadDestination(Life.START + HOUR)).isFalse();
        byte[] after = state.toBytes();
        assertThat(after[0]).as("format").isEqualTo(before[0]);
        assertThat(after).hasSizeGreaterThan(before.length);
        assertThat(DrainState.fromBytes(after).toBytes()).isEqualTo(after);
        assertThat(DrainState.fromBytes(after).response().sawBadDestination(Life.START + 23 * HOUR))
                .isFalse();
        assertThat(DrainState.fromBytes(after).response().sawBadDestination(Life.START + 24 * HOUR))
                .isTrue();
    }

    /** What began days ago is one incident, also after the state was stored. */
    @Test
    void sinceWhenBadDestinationsAreSeenIsKept() {
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        int since = (int) (Life.START / HOUR);
        for (int day = 0; day < 3; day++) {
            state.response().sawBadDestination(Life.START + 24L * day * HOUR);
            state = DrainState.fromBytes(state.toBytes());
            assertThat(state.response().badDestinationSince()).isEqualTo(since);
        }
        state.response().sawBadDestination(Life.START + (48L + 36) * HOUR);
        assertThat(DrainState.fromBytes(state.toBytes()).response().badDestinationSince())
                .isEqualTo(since + 48 + 36);
    }

    @Test
    void anotherFormatIsRefused() {
        assertThatThrownBy(() -> DrainState.fromBytes(new byte[] {99, 0})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DrainState.fromBytes(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lateAndRepeatedRecordsRaiseNoAlarm() {
        Life life = new Life(SEED).ordinary(0, 30);
        List<DrainObservation> inTime = life.records();
        SplittableRandom random = new SplittableRandom(SEED);
        List<DrainObservation> arrived = new ArrayList<>(inTime);
        for (int i = 0; i < inTime.size(); i += 25) {
            DrainObservation late = inTime.get(i);
            arrived.remove(late);
            int later = Math.min(arrived.size(), i + 1 + random.nextInt(4));
            arrived.add(later, late);
        }
        for (int i = 0; i < inTime.size(); i += 40) {
            arrived.add(i, arrived.get(i));
        }
        assertThat(Life.run(DrainState.fresh(PlanClass.REGULAR), arrived))
                .as("seed %d", SEED)
                .isEmpty();
    }

    @Test
    void recordsOfLongAgoAndFarAheadAreTakenWithoutHarm() {
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        long[] times = {Life.START, Life.START - 40 * Life.DAY, Life.START + 400 * Life.DAY, 0, Life.START};
        for (long time : times) {
            DrainObservation record = new DrainObservation(time, 10, 10, Category.WEB, "FR", -600);
            assertThat(DrainDetector.shipped().observe(state, Population.shipped(), record))
                    .isInstanceOf(Verdict.Quiet.class);
        }
    }

    @Test
    void anIncidentIsToldOnceAndAgainOnlyWhenItGrows() {
        Life life = new Life(SEED).ordinary(0, 18);
        life.flow(life.day(15) + 9 * HOUR, 20 * HOUR, 300, 20_000 * MB, Category.OTHER, 0.3);
        List<Life.Told> told = life.run(PlanClass.REGULAR);
        assertThat(told).isNotEmpty().hasSizeLessThan(15);
        assertThat(told.getFirst().alarm().grown()).isFalse();
        assertThat(told.subList(1, told.size())).allMatch(each -> each.alarm().grown());
        assertThat(told).extracting(each -> each.alarm().incidentId()).containsOnly(1);
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i).alarm().score())
                    .isGreaterThan(told.get(i - 1).alarm().score());
        }
    }

    /** A burst and what drips after it: told with all of it since it began, also days later and by a gateway that read it back. */
    @Test
    void anIncidentOfDaysIsToldWithAllThatItTook() {
        Life life = new Life(SEED).ordinary(0, 18);
        life.flow(life.day(14) + 9 * HOUR, 2 * HOUR, 20, 3_000 * MB, Category.CLOUD, 0.9);
        life.flow(life.day(14) + 11 * HOUR, 60 * HOUR, 720, 1_500 * MB, Category.CLOUD, 0.9);
        DrainDetector detector = DrainDetector.shipped();
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        DrainState stored = DrainState.fresh(PlanClass.REGULAR);
        long end = life.day(14) + 71 * HOUR;
        DrainObservation last = life.records().getFirst();
        for (DrainObservation record : life.records()) {
            if (record.eventEndEpochSeconds() < end) {
                detector.observe(state, Population.shipped(), record);
                detector.observe(stored, Population.shipped(), record);
                stored = DrainState.fromBytes(stored.toBytes());
                last = record;
            }
        }
        assertThat(state.incident()).isEqualTo(1);
        Verdict.Alarm told = detector.describe(state, last, 1);
        assertThat(end - told.sinceEpochSeconds()).isBetween(60 * HOUR, 72 * HOUR);
        assertThat(told.observedBytes()).isGreaterThan(4_000 * MB);
        assertThat(told.bytesAtStake()).isBetween(3_000 * MB, 5_000 * MB);
        assertThat(told.observedBytes()).as("no more than there was").isLessThan(5_200 * MB);
        assertThat(stored.toBytes()).isEqualTo(state.toBytes());
    }

    @Test
    void afterThatWasMeTheSameUseIsLessSuspicious() {
        Life life = new Life(SEED).ordinary(0, 15);
        life.flow(life.day(14) + HOUR, 4 * HOUR, 40, 600 * MB, Category.CLOUD, 0.8);
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        assertThat(Life.run(state, life.records())).isNotEmpty();
        DrainState answered = state.copy();
        DrainDetector.shipped().feedback(answered, Population.shipped(), true);
        Life again = new Life(SEED + 1).ordinary(15, 2);
        again.flow(again.day(16) + HOUR, 4 * HOUR, 40, 600 * MB, Category.CLOUD, 0.8);
        double before = highest(state, again.records());
        double after = highest(answered, again.records());
        assertThat(after).isLessThan(before - 0.2);
    }

    @Test
    void answersAreForgottenByHalfInFourteenDays() {
        for (boolean silent : new boolean[] {false, true}) {
            Life life = new Life(SEED).ordinary(0, 14);
            life.flow(life.day(14) + HOUR, 3 * HOUR, 40, 900 * MB, Category.CLOUD, 0.9);
            DrainState state = DrainState.fresh(PlanClass.REGULAR);
            assertThat(Life.run(state, life.records())).isNotEmpty();
            DrainDetector.shipped().feedback(state, true);
            assertThat(state.incident.tolerance()).isEqualTo(0.4f);
            Life.run(state, new Life(SEED + 1).ordinary(15, silent ? 1 : 14).records());
            if (!silent) {
                assertThat(state.incident.tolerance()).isBetween(0.1f, 0.25f);
            }
            Life.run(state, new Life(SEED + 2).ordinary(silent ? 45 : 29, 16).records());
            assertThat(state.incident.tolerance()).isBetween(0f, 0.1f);
        }
    }

    /** However often honest use was called meant, a drain of many usual days is told. */
    @Test
    void manyAnswersDoNotMakeDeaf() {
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        int day = 0;
        for (int evening = 0; evening < 5; evening++) {
            Life life = new Life(SEED + evening).ordinary(day, 10);
            life.flow(life.day(day + 10) + HOUR, 3 * HOUR, 40, 1_500 * MB, Category.CLOUD, 0.9);
            Life.run(state, life.records());
            if (state.incident() > 0) {
                state.incident.answer(true, false);
            }
            day += 13;
        }
        assertThat(state.incident.tolerance()).isBetween(0.4f, 0.8f);
        Life drained = new Life(SEED + 9).ordinary(day, 5);
        drained.flow(drained.day(day + 5) + 2 * HOUR, 6 * HOUR, 90, 8_000 * MB, Category.OTHER, 0.9);
        assertThat(Life.run(state, drained.records())).isNotEmpty();
    }

    @Test
    void anAnswerThatComesDaysLaterLearnsNothingOfToday() {
        Life life = new Life(SEED).ordinary(0, 15);
        life.flow(life.day(14) + HOUR, 4 * HOUR, 40, 600 * MB, Category.CLOUD, 0.8);
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        assertThat(Life.run(state, life.records())).isNotEmpty();
        Life after = new Life(SEED + 1).ordinary(15, 5);
        Life.run(state, after.records());
        byte[] before = normal(state);
        float tolerance = state.incident.tolerance();
        DrainDetector.shipped().feedback(state, Population.shipped(), true);
        assertThat(normal(state)).isEqualTo(before);
        assertThat(state.incident.tolerance()).isGreaterThan(tolerance);
    }

    private static byte[] normal(DrainState state) {
        ByteBuffer out = ByteBuffer.allocate(DrainState.MAX_BYTES);
        state.baseline.write(out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static double highest(DrainState state, List<DrainObservation> records) {
        double highest = 0;
        for (DrainObservation record : records) {
            Verdict verdict = DrainDetector.shipped().observe(state, Population.shipped(), record);
            highest = Math.max(highest, verdict.score());
        }
        return highest;
    }
}
