package dev.octroi.rsp.asn1;

/**
 * Bounds of one parse.
 *
 * @param maxBytes longest input
 * @param maxDepth deepest nesting of constructed elements
 * @param maxElements largest count of elements over the whole tree
 */
public record TlvLimits(int maxBytes, int maxDepth, int maxElements) {
    /** For the messages of ES9+: certificates and signed structures. */
    public static final TlvLimits MESSAGE = new TlvLimits(64 * 1024, 24, 4096);

    /** For profile packages: bound (many segments) and unprotected (many elements). */
    public static final TlvLimits PACKAGE = new TlvLimits(1024 * 1024, 24, 65_536);

    public TlvLimits {
        if (maxBytes < 2 || maxDepth < 1 || maxElements < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
