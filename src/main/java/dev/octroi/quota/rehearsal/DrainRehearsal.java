package dev.octroi.quota.rehearsal;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.DrainState;
import dev.octroi.drain.Population;
import dev.octroi.drain.Verdict;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.decide.DrainGrade;
import dev.octroi.quota.decide.Signal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Plays counted records through the detector under other grades than the ones in force: what would have followed. Changes
 * nothing. What a suspension would have stopped is taken as not used, and the detector does not see it.
 */
public final class DrainRehearsal {
    private static final int SECONDS_PER_MINUTE = 60;

    private final DrainDetector detector;
    private final Population population;
    private final DrainPolicy strongest;
    private final DrainTerms terms;

    /**
     * A rehearsal of one drain policy.
     *
     * @param strongest the most that it may do
     * @param terms what it does at which score
     */
    public DrainRehearsal(DrainDetector detector, Population population, DrainPolicy strongest, DrainTerms terms) {
        this.detector = requireNonNull(detector, "detector is null");
        this.population = requireNonNull(population, "population is null");
        this.strongest = requireNonNull(strongest, "strongest is null");
        this.terms = requireNonNull(terms, "terms is null");
    }

    /** What would have followed for one subscription. */
    RehearsalTally play(RehearsedAccount account) {
        DrainState state = AccountState.freshDrain(account.terms());
        Tally tally = new Tally();
        long used = 0;
        Instant window = Instant.MIN;
        for (DrainObservation record : account.records()) {
            Instant own = window(account, record);
            used = own.isAfter(window) ? 0 : used;
            window = own.isAfter(window) ? own : window;
            tally.records++;
            if (tally.isHeld(record)) {
                tally.heldBytes += tally.step == DrainPolicy.THROTTLE ? 0 : record.bytes();
                tally.slowedBytes += tally.step == DrainPolicy.THROTTLE ? record.bytes() : 0;
            }
            if (tally.isHeld(record) && tally.step.compareTo(DrainPolicy.THROTTLE) > 0) {
                continue;
            }
            used += record.bytes();
            Verdict verdict = detector.observe(state, population, record);
            if (verdict instanceof Verdict.Alarm alarm) {
                take(tally, alarm, record, account.terms(), used);
            } else if (verdict.score() >= Verdict.ACT && tally.hasRunOut(record)) {
                take(tally, detector.describe(state, record, verdict.score()), record, account.terms(), used);
            }
        }
        return tally.done();
    }

    /** Where the volume comes anew, the beginning of the window, as if the plan had begun with the first record. */
    private static Instant window(RehearsedAccount account, DrainObservation record) {
        Renewal renewal = account.terms().renewal();
        Instant first = Instant.ofEpochSecond(account.records().getFirst().eventEndEpochSeconds());
        return renewal == null
                ? first
                : renewal.windowStart(
                        first,
                        Instant.ofEpochSecond(record.eventEndEpochSeconds()),
                        ZoneOffset.ofTotalSeconds(record.tzOffsetMinutes() * SECONDS_PER_MINUTE));
    }

    private void take(Tally tally, Verdict.Alarm alarm, DrainObservation record, PlanTerms plan, long usedBytes) {
        long quotaBytes = plan.quotaBytes();
        boolean signal = Signal.isQuotaAtStake(alarm.bytesAtStake(), quotaBytes, Math.max(0, quotaBytes - usedBytes));
        Instant at = Instant.ofEpochSecond(record.eventEndEpochSeconds());
        DrainPolicy step = DrainGrade.of(strongest, terms, alarm, at, signal);
        tally.incidents += alarm.grown() ? 0 : 1;
        if (step.compareTo(tally.most) > 0 || !tally.alarmed) {
            tally.most = step;
        }
        tally.alarmed = true;
        if (step.compareTo(DrainPolicy.THROTTLE) >= 0) {
            tally.step = tally.isHeld(record) && tally.step.compareTo(step) > 0 ? tally.step : step;
            tally.heldUntil =
                    record.eventEndEpochSeconds() + terms.hold(plan.validity()).toSeconds();
        }
    }

    /** One subscription's sums while it is played. */
    private static final class Tally {
        private long records;
        private int incidents;
        private boolean alarmed;
        private DrainPolicy most = DrainPolicy.NOTIFY;
        private DrainPolicy step = DrainPolicy.NOTIFY;
        private long heldUntil;
        private long slowedBytes;
        private long heldBytes;

        /** What is over is held again while it still drains. */
        private boolean hasRunOut(DrainObservation record) {
            return heldUntil > 0 && !isHeld(record);
        }

        private boolean isHeld(DrainObservation record) {
            return record.eventEndEpochSeconds() < heldUntil;
        }

        private RehearsalTally done() {
            return new RehearsalTally(
                    1,
                    records,
                    incidents,
                    alarmed && most == DrainPolicy.NOTIFY ? 1 : 0,
                    alarmed && most == DrainPolicy.ASK ? 1 : 0,
                    most == DrainPolicy.THROTTLE ? 1 : 0,
                    most == DrainPolicy.SUSPEND_CATEGORY ? 1 : 0,
                    most == DrainPolicy.SUSPEND ? 1 : 0,
                    slowedBytes,
                    heldBytes);
        }
    }

    /** The sum over several subscriptions. */
    public static RehearsalTally sum(List<RehearsalTally> tallies) {
        return tallies.stream().reduce(RehearsalTally.NONE, RehearsalTally::plus);
    }
}
