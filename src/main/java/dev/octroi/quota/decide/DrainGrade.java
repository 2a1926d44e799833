package dev.octroi.quota.decide;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import java.time.Duration;
import java.time.Instant;

/** What follows from an alarm: the strongest step that the plan allows, the score reaches and the signals bear out. */
public final class DrainGrade {
    private static final long SHORTEST_SECONDS = Duration.ofHours(1).toSeconds();
    private static final long BYTES_PER_KILOBIT = 125;

    private DrainGrade() {}

    /**
     * The step for an alarm. What is slower than slowing allows would go on as before: where the plan does more than slow, the background
     * traffic of its category is blocked in place of that.
     *
     * @param strongest the plan's
     * @param terms the plan's
     * @param at when the use was that raised it
     * @param hasSignal whether there is a second signal
     */
    public static DrainPolicy of(
            DrainPolicy strongest, DrainTerms terms, Verdict.Alarm alarm, Instant at, boolean hasSignal) {
        DrainPolicy step = of(strongest, terms, alarm.score(), hasSignal);
        return step == DrainPolicy.THROTTLE && strongest.compareTo(step) > 0 && passesSlowed(alarm, at)
                ? DrainPolicy.SUSPEND_CATEGORY
                : step;
    }

    private static boolean passesSlowed(Verdict.Alarm alarm, Instant at) {
        // Of what comes at once, or with a new place, the mean says nothing.
        boolean isEven = alarm.kind() != DrainKind.BURST && alarm.kind() != DrainKind.ZONE;
        long seconds = Math.max(SHORTEST_SECONDS, at.getEpochSecond() - alarm.sinceEpochSeconds());
        return isEven && alarm.observedBytes() < seconds * PlanTerms.DRAIN_SPEED.downKbps() * BYTES_PER_KILOBIT;
    }

    /**
     * The step for a score.
     *
     * @param strongest the plan's
     * @param terms the plan's
     * @param score of the alarm, 1 or more
     * @param hasSignal whether there is a second signal
     */
    static DrainPolicy of(DrainPolicy strongest, DrainTerms terms, double score, boolean hasSignal) {
        boolean suspends = strongest.compareTo(DrainPolicy.THROTTLE) > 0;
        boolean borneOut = hasSignal || !terms.secondSignal() || score >= DrainTerms.CERTAIN_SCORE;
        if (suspends && score >= terms.suspendFromScore() && borneOut) {
            return strongest;
        }
        if (restricts(strongest, terms, score)) {
            return DrainPolicy.THROTTLE;
        }
        return strongest == DrainPolicy.NOTIFY ? DrainPolicy.NOTIFY : DrainPolicy.ASK;
    }

    /** Whether an alarm of a score does more than tell. */
    static boolean restricts(DrainPolicy strongest, DrainTerms terms, double score) {
        return strongest.compareTo(DrainPolicy.THROTTLE) >= 0 && score >= terms.throttleFromScore();
    }
}
