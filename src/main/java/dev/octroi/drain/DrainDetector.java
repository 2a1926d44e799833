package dev.octroi.drain;

/**
 * Streaming drain detector: one record in, one verdict out. Deterministic: no clock, no randomness, and no arithmetic
 * that differs between machines. Holds no state of its own and may be shared between threads.
 */
public final class DrainDetector {
    private final Weights weights;
    private final RecordCounter counter = new RecordCounter(null);

    DrainDetector(Weights weights) {
        this.weights = weights;
    }

    /** The detector with the weights that ship with the product. */
    public static DrainDetector shipped() {
        return new DrainDetector(Weights.shipped());
    }

    /** Version of the weights, for evidence. */
    public int version() {
        return weights.version();
    }

    /**
     * Takes one record into account, in order of arrival.
     *
     * @param state changed in place
     * @param population only read
     */
    public Verdict observe(DrainState state, Population population, DrainObservation record) {
        int zone = counter.count(state, population, record);
        if (zone < 0) {
            return new Verdict.Quiet(0);
        }
        FeatureVector.fill(state, population, record, zone);
        float score = weights.score(weights.alarm().sum(state.features)) - state.incident.tolerance();
        return switch (state.incident.take(score, state.head)) {
            case QUIET -> new Verdict.Quiet(score);
            case OPENED -> Explanation.of(state, weights, record, score, RecordCounter.EPOCH, false);
            case GROWN -> Explanation.of(state, weights, record, score, RecordCounter.EPOCH, true);
        };
    }

    /**
     * Puts an open incident into words again, as it stands after a record.
     *
     * @param score of the newest verdict, {@link Verdict#ACT} or more
     */
    public Verdict.Alarm describe(DrainState state, DrainObservation record, double score) {
        return Explanation.of(state, weights, record, (float) score, RecordCounter.EPOCH, true);
    }

    /** The kind that fits the newest measured record best, alarm or not. */
    DrainKind kind(DrainState state) {
        return Explanation.kind(weights, state.features);
    }

    /**
     * As {@link #feedback(DrainState, Population, boolean)} with the shipped population.
     *
     * @param state changed in place
     */
    public void feedback(DrainState state, boolean wasMe) {
        feedback(state, Population.shipped(), wasMe);
    }

    /**
     * Learns from the traveller's or support's answer to the last incident; another answer to it takes the place of the one before.
     * A day is learned only while it is the incident's: an answer that comes later moves the threshold alone.
     *
     * @param state changed in place
     * @param population only read
     * @param wasMe true: the use was meant, do not call it a drain again; false: it was a drain, stay alert
     */
    public void feedback(DrainState state, Population population, boolean wasMe) {
        if (state.head == 0) {
            return;
        }
        boolean learns = wasMe && !state.incident.isLearned() && state.incident.isWithinDay(state.head);
        if (learns) {
            counter.learner().learn(state, population, 1, false);
        }
        state.incident.answer(wasMe, learns);
    }
}
