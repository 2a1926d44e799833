package dev.octroi.drain;

import java.util.ArrayList;
import java.util.List;

/**
 * The measured quantities, in the order in which {@link FeatureVector} writes them.
 *
 * @param name stable name, used in weights and evidence
 * @param reason last part of the key of its plain words, {@code reason.*}; empty when it only helps to read others
 */
record FeatureSpec(String name, String reason) {
    private static final String CONTEXT = "";

    /**
     * Quantities with a learned normal of their own: log2 of bytes, or of a count plus one. T, U, R: k-th largest hour
     * of the last 24 in total, sent, total without video and updates. N, NR: the same within the latest night. UC: k-th
     * largest hour by records that send more than they receive. D: all 24 hours; S3: the last three; CNT: records.
     */
    static final List<FeatureSpec> BASE = List.of(
            new FeatureSpec("T2", "volume"),
            new FeatureSpec("T3", "volume"),
            new FeatureSpec("T4", "volume"),
            new FeatureSpec("T12", "hours"),
            new FeatureSpec("T18", "steady"),
            new FeatureSpec("U1", "upload"),
            new FeatureSpec("U3", "upload"),
            new FeatureSpec("U12", "upload"),
            new FeatureSpec("U18", "upload"),
            new FeatureSpec("R2", "volume"),
            new FeatureSpec("R14", "hours"),
            new FeatureSpec("N1", "night"),
            new FeatureSpec("N2", "night"),
            new FeatureSpec("N3", "night"),
            new FeatureSpec("N4", "night"),
            new FeatureSpec("NR2", "night"),
            new FeatureSpec("NR3", "night"),
            new FeatureSpec("UC6", "regular"),
            new FeatureSpec("UC12", "regular"),
            new FeatureSpec("UC18", "regular"),
            new FeatureSpec("D", "volume"),
            new FeatureSpec("S3", "volume"),
            new FeatureSpec("CNT", "many"));

    /** Ranks kept per category, C: k-th largest hour of the last 24, relative to the usual day. */
    static final int[] CATEGORY_RANKS = {1, 3, 6, 12};

    /** Everything the weights see. */
    static final List<FeatureSpec> ALL = all();

    private static List<FeatureSpec> all() {
        List<FeatureSpec> specs = new ArrayList<>(BASE);
        specs.addAll(List.of(
                // The record's category against its own normal.
                new FeatureSpec("C1", "category"),
                new FeatureSpec("C3", "category"),
                new FeatureSpec("C6", "category"),
                new FeatureSpec("C12", "category"),
                // The last three hours, and the category's hours, in usual days (log2).
                new FeatureSpec("eS3", "volume"),
                new FeatureSpec("ce1", "category"),
                new FeatureSpec("ce3", "category"),
                new FeatureSpec("ce6", "category"),
                new FeatureSpec("ce12", "category"),
                // Against the usual day curve: this hour, six hours, 24 hours, hours that are usually silent.
                new FeatureSpec("H0", "volume"),
                new FeatureSpec("Q6", "hours"),
                new FeatureSpec("Q24", "hours"),
                new FeatureSpec("Qn", "night"),
                new FeatureSpec("zoneEx", "zone"),
                // Spacing of transfers: of the category, and of uploads.
                new FeatureSpec("even", "regular"),
                new FeatureSpec("evenUp", "regular"),
                // Density over the last hours: records and bytes, of the category and of all.
                new FeatureSpec("rate", "many"),
                new FeatureSpec("rateAll", "many"),
                new FeatureSpec("vol2", "category"),
                new FeatureSpec("vol2All", "volume"),
                new FeatureSpec("share2", CONTEXT),
                new FeatureSpec("rateRel", "many"),
                new FeatureSpec("run", "steady"),
                new FeatureSpec("runAll", "steady"),
                new FeatureSpec("gap", CONTEXT),
                // Context.
                new FeatureSpec("n", CONTEXT),
                new FeatureSpec("zoneNew", CONTEXT),
                new FeatureSpec("updS", "category"),
                new FeatureSpec("vidS", "category"),
                new FeatureSpec("upS", "upload"),
                new FeatureSpec("recUp", "upload"),
                new FeatureSpec("othS", "unnamed"),
                new FeatureSpec("classified", CONTEXT),
                new FeatureSpec("quiet", "night"),
                new FeatureSpec("recRel", CONTEXT),
                new FeatureSpec("upS3", "upload"),
                new FeatureSpec("catS", CONTEXT),
                new FeatureSpec("updS3", "category"),
                new FeatureSpec("vidS3", "category"),
                new FeatureSpec("isVid", "category"),
                new FeatureSpec("isOth", "unnamed"),
                new FeatureSpec("hoursOn", "steady"),
                new FeatureSpec("vol", CONTEXT),
                new FeatureSpec("volN", CONTEXT)));
        return List.copyOf(specs);
    }
}
