package dev.octroi.catalog;

import java.time.Duration;

/**
 * From when on a plan acts on drain alarms, and for how long. Scores are the detector's: 1 is its own threshold.
 *
 * @param throttleFromScore alarms from this score on are slowed, 1 to 10
 * @param suspendFromScore alarms from this score on are suspended, at least the score for slowing, to 10
 * @param secondSignal whether a suspension needs a second signal besides the score: money, quota, a known-bad
 *     destination, the traveller's own background switch, another device; a score of {@link #CERTAIN_SCORE} needs none
 * @param releaseAfterHours a hold ends by itself after this long, 1 to 720, see {@link #hold}; when the drain goes on, it is held again
 */
public record DrainTerms(
        double throttleFromScore, double suspendFromScore, boolean secondSignal, int releaseAfterHours) {
    /** From this score on an alarm stands alone: fewer than .005 such false alarms per subscription and month. */
    public static final double CERTAIN_SCORE = 1.25;

    /** What holds where a plan says nothing. */
    public static final DrainTerms DEFAULT = new DrainTerms(1, 1, true, 24);

    private static final double MAX_SCORE = 10;
    private static final int MAX_HOURS = 720;

    /** A plan of a day would be over before a day's hold is: so much of it at most is held. */
    private static final int PART_OF_VALIDITY = 4;

    private static final Duration SHORTEST_HOLD = Duration.ofHours(1);

    public DrainTerms {
        if (!(throttleFromScore >= 1 && throttleFromScore <= suspendFromScore && suspendFromScore <= MAX_SCORE)) {
            throw new IllegalArgumentException("scores are 1 to 10, the one for suspending not below that for slowing");
        }
        if (releaseAfterHours < 1 || releaseAfterHours > MAX_HOURS) {
            throw new IllegalArgumentException("a hold is released after 1 to 720 hours");
        }
    }

    /** How long a hold lasts by itself: no longer than a quarter of the plan, and an hour at least. */
    public Duration hold(Validity validity) {
        Duration part = validity.about().dividedBy(PART_OF_VALIDITY);
        Duration wanted = Duration.ofHours(releaseAfterHours);
        Duration shorter = wanted.compareTo(part) < 0 ? wanted : part;
        return shorter.compareTo(SHORTEST_HOLD) < 0 ? SHORTEST_HOLD : shorter;
    }
}
