package dev.octroi.quota;

import java.time.Instant;

/**
 * Bytes of one window.
 *
 * @param start first moment of the window; {@link Instant#MIN} before the first
 * @param bytes used in it so far
 */
record Counter(Instant start, long bytes) {
    static final Counter EMPTY = new Counter(Instant.MIN, 0);

    /** The counter of the window that begins at a moment. It only moves forward, so a clock that jumps back resets nothing. */
    Counter at(Instant windowStart) {
        return windowStart.isAfter(start) ? new Counter(windowStart, 0) : this;
    }

    Counter plus(long more) {
        return of(bytes + more);
    }

    /** The same window with so many bytes. */
    Counter of(long allBytes) {
        return allBytes == bytes ? this : new Counter(start, allBytes);
    }
}
