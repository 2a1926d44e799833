package dev.octroi.quota.account;

import java.time.Instant;

/**
 * Bytes of one window.
 *
 * @param start first moment of the window; {@link Instant#MIN} before the first
 * @param bytes used in it so far
 */
public record Counter(Instant start, long bytes) {
    /** Nothing yet, in a window before all others. */
    public static final Counter EMPTY = new Counter(Instant.MIN, 0);

    /** The counter of the window that begins at a moment. It only moves forward, so a clock that jumps back resets nothing. */
    public Counter at(Instant windowStart) {
        return windowStart.isAfter(start) ? new Counter(windowStart, 0) : this;
    }

    /** The same bytes in a window that begins at another moment, because the traveller's time zone moved. */
    public Counter moved(Instant windowStart) {
        return new Counter(windowStart, bytes);
    }

    /** The same with more bytes in its window. */
    public Counter plus(long more) {
        return of(bytes + more);
    }

    /** The same window with so many bytes. */
    public Counter of(long allBytes) {
        return allBytes == bytes ? this : new Counter(start, allBytes);
    }
}
