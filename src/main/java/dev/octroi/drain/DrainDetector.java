package dev.octroi.drain;

/** Streaming drain detector: one record in, one verdict out; deterministic, no clock, no randomness. */
public final class DrainDetector {
    private DrainDetector() {}

    /** The detector with the weights that ship with the product. */
    public static DrainDetector shipped() {
        return new DrainDetector();
    }

    /**
     * Takes one record into account, in order of arrival.
     *
     * @param state changed in place
     * @param population only read
     */
    public Verdict observe(DrainState state, Population population, DrainObservation observation) {
        return new Verdict.Quiet(0);
    }

    /**
     * Learns from the traveller's or support's answer to the last incident.
     *
     * @param state changed in place
     * @param wasMe true: the use was meant, do not call it a drain again; false: it was a drain, stay alert
     */
    public void feedback(DrainState state, boolean wasMe) {}
}
