package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the device is, as last reported.
 *
 * @param plmn visited network
 * @param country ISO 3166-1 alpha-2 code, or {@code ZZ}
 * @param zoneId the zone with a speed cap the device is in, when it is in one
 * @param zoneName its name
 * @param since when it came there
 */
public record PlaceView(
        String plmn,
        String country,
        @Nullable String zoneId,
        @Nullable String zoneName,
        Instant since) {}
