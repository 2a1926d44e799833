package dev.octroi.quota.decide;

/**
 * Unrolls the cumulative counters of senders that may have 32 bits only: each wrap at 4 GiB is added back (RFC 2869 §5.1 tells
 * them apart, but a sender may leave it out). What a session has used only grows, so where a reading belongs follows from
 * when it was taken.
 */
final class NarrowCounter {
    private static final long WRAP = 1L << 32;

    /** RADIUS tells times and delays in whole seconds: readings this near to each other have no order. */
    static final long NO_ORDER_SECONDS = 1;

    private NarrowCounter() {}

    /**
     * The count with its wraps added back.
     *
     * @param count as it was read, 0 to 2^32 - 1
     * @param mark highest count so far, unrolled
     * @param laterSeconds how long after the newest reading so far this one was taken; negative: before
     */
    static long unrolled(long count, long mark, long laterSeconds) {
        if (laterSeconds < -NO_ORDER_SECONDS) {
            return earlier(count, mark);
        }
        long candidate = mark - mark % WRAP + count;
        // A little below the mark is a reordering of the feed, far below is a wrap.
        if (mark - candidate > WRAP / 2) {
            return candidate + WRAP;
        }
        if (laterSeconds <= NO_ORDER_SECONDS && candidate - mark > WRAP / 2) {
            return candidate - WRAP;
        }
        return candidate;
    }

    /**
     * An earlier reading lies below the mark, whatever its wraps. Where it cannot, because the mark knows of no wrap, it gives
     * what both would have given in their order.
     */
    private static long earlier(long count, long mark) {
        if (count <= mark) {
            return mark;
        }
        return count - mark > WRAP / 2 ? mark + WRAP : count;
    }
}
