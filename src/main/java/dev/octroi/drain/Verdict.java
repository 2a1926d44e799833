package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What the detector says after one record. */
public sealed interface Verdict {

    /** From this score on the product acts. */
    double ACT = 1.0;

    /** The score after the record; {@link #ACT} and above is an alarm. */
    double score();

    /**
     * Nothing new to report: the use looks normal, or an open incident has not grown enough to be told again.
     *
     * @param score below {@link #ACT} unless an incident is open
     */
    record Quiet(double score) implements Verdict {}

    /**
     * Data drains away. One incident is one alarm that grows: the same {@code incidentId} comes again, with
     * {@code grown} set, only when the score has risen markedly.
     *
     * @param kind the most likely sort of drain
     * @param score at least {@link #ACT}
     * @param sinceEpochSeconds when the unusual use began, Unix seconds, to the hour
     * @param expectedBytes what this subscription normally uses in the same span
     * @param observedBytes what it used since then
     * @param bytesAtStake observed less the upper end of expected, 0 or more
     * @param category the category that carries most of the excess
     * @param zone the zone of the record that raised the alarm
     * @param reasons the largest terms of the score, largest first, at most five
     * @param confidence share of such alarms that were real on the set the weights were fitted on, 0 to 1
     * @param incidentId counts the incidents of this subscription, from 1
     * @param grown false the first time an incident is told, true when it is told again
     */
    record Alarm(
            DrainKind kind,
            double score,
            long sinceEpochSeconds,
            ByteRange expectedBytes,
            long observedBytes,
            long bytesAtStake,
            Category category,
            String zone,
            List<Reason> reasons,
            double confidence,
            int incidentId,
            boolean grown)
            implements Verdict {
        /** Copies the list. */
        public Alarm {
            requireNonNull(kind);
            requireNonNull(expectedBytes);
            requireNonNull(category);
            requireNonNull(zone);
            reasons = List.copyOf(reasons);
        }
    }
}
