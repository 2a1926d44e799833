package dev.octroi.notice.words;

import static java.util.Objects.requireNonNull;

/**
 * What holds when the notice is sent, which may be later than what it tells.
 *
 * @param level {@code normal}, {@code throttled}, {@code background_blocked}, {@code suspended_data} or {@code suspended_all}
 * @param downKbps the speed in force; 0 where there is none
 * @param remainingBytes what the traveller may still use
 * @param totalBytes of so much
 * @param confirmed whether the network has confirmed it
 */
public record Now(String level, int downKbps, long remainingBytes, long totalBytes, boolean confirmed) {
    public Now {
        requireNonNull(level, "level is null");
    }
}
