package dev.octroi.quota.account;

import java.time.Instant;

/**
 * Bytes of one hour or one local day.
 *
 * @param from first moment
 * @param to first moment after
 * @param zone zone id or country code
 * @param category traffic category, a feed's word
 * @param plmn visited network
 * @param upBytes sent by the device
 * @param downBytes received by the device
 */
public record UsagePoint(
        Instant from, Instant to, String zone, String category, String plmn, long upBytes, long downBytes) {
    /** Both directions. */
    public long bytes() {
        return upBytes + downBytes;
    }
}
