package dev.octroi.http;

/**
 * Bounds on the connections of one listener.
 *
 * @param maxConnections open connections in all
 * @param maxPerAddress open connections of one remote address; of IPv6 the first 64 bits count
 * @param headTimeoutMs from connecting to the end of the first head
 * @param keepAliveMs from the last answer to the end of the next head
 * @param bodyTimeoutMs from the end of the head to the end of the body
 * @param maxControlFrames HTTP/2 PING and SETTINGS frames of one connection in ten seconds
 */
public record ConnectionLimits(
        int maxConnections,
        int maxPerAddress,
        long headTimeoutMs,
        long keepAliveMs,
        long bodyTimeoutMs,
        int maxControlFrames) {

    /** The usual bounds. */
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(10_000, 1_000, 10_000, 60_000, 30_000, 100);

    /** Checks that all bounds are positive. */
    public ConnectionLimits {
        if (maxConnections < 1
                || maxPerAddress < 1
                || headTimeoutMs < 1
                || keepAliveMs < 1
                || bodyTimeoutMs < 1
                || maxControlFrames < 1) {
            throw new IllegalArgumentException("a connection limit is not positive");
        }
    }
}
