package dev.octroi.drain;

/**
 * The band in which the use was expected.
 *
 * @param lowBytes lower end, 0 or more
 * @param highBytes upper end, not below the lower
 */
public record ByteRange(long lowBytes, long highBytes) {
    /** Checks the order. */
    public ByteRange {
        if (lowBytes < 0 || highBytes < lowBytes) {
            throw new IllegalArgumentException("not a range");
        }
    }
}
