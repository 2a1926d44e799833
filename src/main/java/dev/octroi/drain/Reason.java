package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

/**
 * One term of an alarm's score.
 *
 * @param feature stable name of the measured quantity, for evidence and fitting
 * @param weight what it added to the score, together with the other quantities that share its key
 * @param key key of its plain words in the sentences bundle
 */
public record Reason(String feature, double weight, String key) {
    /** Checks the names. */
    public Reason {
        requireNonNull(feature);
        requireNonNull(key);
    }
}
