package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;

/**
 * How the dispatcher works.
 *
 * @param networkUrl where policies go; empty: to the callback address of the partner registered as network
 * @param es2Url the operator's ES2+ endpoint; without a path the standard one is added; empty: the callback address of
 *     the partner registered as SM-DP+
 * @param scheduleScale factor on all retry delays, above 0; 1 in production
 * @param pollMs how often to look for due rows without a nudge, 10 to 10,000
 * @param leaseMs after how long another gateway takes over what this one was sending, 500 to 9,000
 * @param networkTimeoutMs deadline of one attempt to the network or an operator
 * @param webhookTimeoutMs deadline of one attempt to a webhook
 * @param networkInFlight bound of attempts at a time to the network
 * @param endpointInFlight bound of attempts at a time to any other endpoint
 */
public record DispatcherSettings(
        Optional<URI> networkUrl,
        Optional<URI> es2Url,
        double scheduleScale,
        long pollMs,
        long leaseMs,
        long networkTimeoutMs,
        long webhookTimeoutMs,
        int networkInFlight,
        int endpointInFlight) {
    private static final String ES2_PATH = "/gsma/rsp2/es2plus/handleDownloadProgressInfo";

    public DispatcherSettings {
        requireNonNull(networkUrl, "networkUrl is null");
        es2Url = es2Url.map(url -> withPath(Stream.ES2, url));
        if (!(scheduleScale > 0) || pollMs < 10 || leaseMs < 500 || networkInFlight < 1 || endpointInFlight < 1) {
            throw new IllegalArgumentException("dispatcher settings out of range");
        }
    }

    /** What production uses. */
    public static DispatcherSettings standard(Optional<URI> networkUrl, Optional<URI> es2Url, double scheduleScale) {
        return new DispatcherSettings(networkUrl, es2Url, scheduleScale, 250, 8_000, 5_000, 15_000, 64, 16);
    }

    /** The deadline of one attempt, milliseconds. */
    public long timeoutMs(Stream stream) {
        return stream == Stream.WEBHOOK ? webhookTimeoutMs : networkTimeoutMs;
    }

    int inFlight(ClaimedRow.Lane lane) {
        return lane.stream() == Stream.NETWORK ? networkInFlight : endpointInFlight;
    }

    /** ES2+ has a fixed path, which the address of an operator may leave out. */
    public static URI withPath(Stream stream, URI url) {
        if (stream != Stream.ES2) {
            return url;
        }
        String path = url.getRawPath();
        return path == null || path.isEmpty() || path.equals("/") ? url.resolve(ES2_PATH) : url;
    }
}
