package dev.octroi.rsp.stock;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param imported profiles that are new
 * @param unchanged rows whose profile was there with the very same values
 * @param refused rows that were not imported
 * @param refusals the first of them, at most {@link #MAX_REFUSALS}
 */
public record ImportReport(int imported, int unchanged, int refused, List<Refusal> refusals) {
    /** More than this are counted only. */
    public static final int MAX_REFUSALS = 10_000;

    /**
     * A row that was not imported.
     *
     * @param line number of the line in the file, from 1
     * @param fault why
     */
    public record Refusal(int line, RowFault fault) {
        public Refusal {
            requireNonNull(fault, "fault is null");
        }
    }

    public ImportReport {
        refusals = List.copyOf(refusals);
    }

    /** Rows that were looked at. */
    public int rows() {
        return imported + unchanged + refused;
    }
}
