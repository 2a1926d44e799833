package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

/**
 * What the detector remembers of one subscription: compact, at most {@link #MAX_BYTES} serialised. Mutable and not
 * thread-safe: the lane of the account owns it. {@code fromBytes(toBytes())} gives a state that behaves identically.
 */
public final class DrainState {
    /** Upper bound of the serialised form. */
    public static final int MAX_BYTES = 1_024;

    private final PlanClass plan;

    private DrainState(PlanClass plan) {
        this.plan = plan;
    }

    /** A subscription that has never been seen. */
    public static DrainState fresh(PlanClass plan) {
        return new DrainState(requireNonNull(plan));
    }

    /** Reads the serialised form. */
    public static DrainState fromBytes(byte[] bytes) {
        return new DrainState(PlanClass.at(bytes[0]));
    }

    /** The serialised form, at most {@link #MAX_BYTES}. */
    public byte[] toBytes() {
        return new byte[] {(byte) plan.code()};
    }

    /** An independent copy, for callers that must not change the state they were given. */
    public DrainState copy() {
        return fromBytes(toBytes());
    }

    /** The class of plan whose population is the prior. */
    public PlanClass plan() {
        return plan;
    }
}
