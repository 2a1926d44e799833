package dev.octroi.catalog;

/**
 * From when on a plan acts on drain alarms, and for how long. Scores are the detector's: 1 is its own threshold.
 *
 * @param throttleFromScore alarms from this score on are slowed, 1 to 10
 * @param suspendFromScore alarms from this score on are suspended, at least the score for slowing, to 10
 * @param secondSignal whether a suspension needs a second signal besides the score: money, quota, a known-bad
 *     destination, the traveller's own background switch, another device; a score of {@link #CERTAIN_SCORE} needs none
 * @param releaseAfterHours a hold ends by itself after this long, 1 to 720; when the drain goes on, it is held again
 */
public record DrainTerms(
        double throttleFromScore, double suspendFromScore, boolean secondSignal, int releaseAfterHours) {
    /** From this score on an alarm stands alone: fewer than .005 such false alarms per subscription and month. */
    public static final double CERTAIN_SCORE = 1.25;

    /** What holds where a plan says nothing. */
    public static final DrainTerms DEFAULT = new DrainTerms(1, 1, true, 24);

    private static final double MAX_SCORE = 10;
    private static final int MAX_HOURS = 720;

    public DrainTerms {
        if (!(throttleFromScore >= 1 && throttleFromScore <= suspendFromScore && suspendFromScore <= MAX_SCORE)) {
            throw new IllegalArgumentException("scores are 1 to 10, the one for suspending not below that for slowing");
        }
        if (releaseAfterHours < 1 || releaseAfterHours > MAX_HOURS) {
            throw new IllegalArgumentException("a hold is released after 1 to 720 hours");
        }
    }
}
