package dev.octroi.drain;

import java.util.ArrayList;
import java.util.List;

/**
 * The measured quantities, in the order in which {@link FeatureVector} writes them.
 *
 * @param name stable name, used in weights and evidence
 * @param direction +1: more of it never lowers the score; -1: never raises it; 0: free
 * @param reason last part of the key of its plain words, {@code reason.*}
 */
record FeatureSpec(String name, int direction, String reason) {
    /**
     * Quantities with a learned normal of their own: log2 of bytes, or of a count plus one. T, U, R: k-th largest hour
     * of the last 24 in total, sent, total without video and updates. N, NR: the same within the latest night. UC: k-th
     * largest hour by records that send more than they receive. D: all 24 hours; S3: the last three; CNT: records.
     */
    static final List<FeatureSpec> BASE = List.of(
            new FeatureSpec("T2", 1, "volume"),
            new FeatureSpec("T3", 1, "volume"),
            new FeatureSpec("T4", 1, "volume"),
            new FeatureSpec("T12", 1, "hours"),
            new FeatureSpec("T18", 1, "steady"),
            new FeatureSpec("U1", 1, "upload"),
            new FeatureSpec("U3", 1, "upload"),
            new FeatureSpec("U12", 1, "upload"),
            new FeatureSpec("U18", 1, "upload"),
            new FeatureSpec("R2", 1, "volume"),
            new FeatureSpec("R14", 1, "hours"),
            new FeatureSpec("N1", 1, "night"),
            new FeatureSpec("N2", 1, "night"),
            new FeatureSpec("N3", 1, "night"),
            new FeatureSpec("N4", 1, "night"),
            new FeatureSpec("NR2", 1, "night"),
            new FeatureSpec("NR3", 1, "night"),
            new FeatureSpec("UC6", 1, "regular"),
            new FeatureSpec("UC12", 1, "regular"),
            new FeatureSpec("UC18", 1, "regular"),
            new FeatureSpec("D", 1, "volume"),
            new FeatureSpec("S3", 1, "volume"),
            new FeatureSpec("CNT", 1, "many"));

    /** Ranks kept per category, C: k-th largest hour of the last 24, relative to the usual day. */
    static final int[] CATEGORY_RANKS = {1, 3, 6, 12};

    /** Everything the weights see. */
    static final List<FeatureSpec> ALL = all();

    private static List<FeatureSpec> all() {
        List<FeatureSpec> specs = new ArrayList<>(BASE);
        specs.addAll(List.of(
                // The record's category against its own normal.
                new FeatureSpec("C1", 1, "category"),
                new FeatureSpec("C3", 1, "category"),
                new FeatureSpec("C6", 1, "category"),
                new FeatureSpec("C12", 1, "category"),
                // The last three hours, and the category's hours, in usual days (log2).
                new FeatureSpec("eS3", 1, "volume"),
                new FeatureSpec("ce1", 1, "category"),
                new FeatureSpec("ce3", 1, "category"),
                new FeatureSpec("ce6", 1, "category"),
                new FeatureSpec("ce12", 1, "category"),
                // Against the usual day curve: this hour, six hours, 24 hours, hours that are usually silent.
                new FeatureSpec("H0", 1, "volume"),
                new FeatureSpec("Q6", 1, "hours"),
                new FeatureSpec("Q24", 1, "hours"),
                new FeatureSpec("Qn", 1, "night"),
                new FeatureSpec("zoneEx", 1, "zone"),
                // Spacing of transfers: of the category, and of uploads.
                new FeatureSpec("even", -1, "regular"),
                new FeatureSpec("evenUp", -1, "regular"),
                // Density over the last hours: records and bytes, of the category and of all.
                new FeatureSpec("rate", 1, "many"),
                new FeatureSpec("rateAll", 1, "many"),
                new FeatureSpec("vol2", 1, "category"),
                new FeatureSpec("vol2All", 1, "volume"),
                new FeatureSpec("share2", 0, "category"),
                new FeatureSpec("rateRel", 1, "many"),
                new FeatureSpec("run", 1, "steady"),
                new FeatureSpec("runAll", 1, "steady"),
                new FeatureSpec("gap", 0, "regular"),
                // Context.
                new FeatureSpec("n", 0, "volume"),
                new FeatureSpec("zoneNew", 0, "zone"),
                new FeatureSpec("updS", -1, "category"),
                new FeatureSpec("vidS", -1, "category"),
                new FeatureSpec("upS", 1, "upload"),
                new FeatureSpec("recUp", 1, "upload"),
                new FeatureSpec("othS", 1, "unnamed"),
                new FeatureSpec("classified", 0, "unnamed"),
                new FeatureSpec("quiet", -1, "night"),
                new FeatureSpec("recRel", 0, "volume"),
                new FeatureSpec("upS3", 1, "upload"),
                new FeatureSpec("catS", 0, "category"),
                new FeatureSpec("updS3", -1, "category"),
                new FeatureSpec("vidS3", -1, "category"),
                new FeatureSpec("isVid", -1, "category"),
                new FeatureSpec("isOth", 1, "unnamed"),
                new FeatureSpec("hoursOn", 1, "steady"),
                new FeatureSpec("vol", 0, "volume"),
                new FeatureSpec("volN", 0, "night")));
        return List.copyOf(specs);
    }
}
