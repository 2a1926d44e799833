package dev.octroi.quota.decide;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;

/** What follows from an alarm: the strongest step that the plan allows, the score reaches and the signals bear out. */
public final class DrainGrade {
    private DrainGrade() {}

    /**
     * The step for an alarm.
     *
     * @param strongest the plan's
     * @param terms the plan's
     * @param score of the alarm, 1 or more
     * @param hasSignal whether there is a second signal
     */
    public static DrainPolicy of(DrainPolicy strongest, DrainTerms terms, double score, boolean hasSignal) {
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
