package dev.octroi.quota.account;

import dev.octroi.drain.DrainState;
import java.util.ArrayDeque;

/**
 * Opened states of the drain detector that are used again: one takes three kilobytes, and each record opens one. A thread
 * has its own.
 */
public final class DrainScratch {
    /** More of them are open at a time only where accounts share a volume. */
    private static final int MAX_KEPT = 8;

    private static final ThreadLocal<DrainScratch> OWN = ThreadLocal.withInitial(DrainScratch::new);

    private final ArrayDeque<DrainState> states = new ArrayDeque<>(MAX_KEPT);
    private final byte[] bytes = new byte[DrainState.MAX_BYTES];

    private DrainScratch() {}

    /** The state in its serialised form, for the caller to change; may be given back. */
    static DrainState take(byte[] serialised) {
        DrainState kept = OWN.get().states.poll();
        if (kept == null) {
            return DrainState.fromBytes(serialised);
        }
        kept.become(serialised);
        return kept;
    }

    /** Gives a state back: nobody looks at it any more. */
    public static void giveBack(DrainState state) {
        ArrayDeque<DrainState> states = OWN.get().states;
        if (states.size() < MAX_KEPT) {
            states.push(state);
        }
    }

    /** Room for one serialised state; good until this thread asks again. */
    static byte[] bytes() {
        return OWN.get().bytes;
    }
}
