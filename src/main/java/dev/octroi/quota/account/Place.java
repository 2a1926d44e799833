package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the device is.
 *
 * @param plmn visited network {@code MCC-MNC}
 * @param country ISO 3166-1 alpha-2 code, or {@code ZZ}
 * @param zoneId the zone with a cap, when it is in one
 * @param since when it came into this zone or left the last one
 * @param reportedAt the latest report, or the beginning of the record that named another network; older ones are ignored
 */
public record Place(String plmn, String country, @Nullable String zoneId, Instant since, Instant reportedAt) {}
