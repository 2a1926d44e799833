package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the volume will be used up, if the traveller goes on as on the days before.
 *
 * @param depletesAt the expected moment; null: not within the period
 * @param earliest one time in ten it comes before this; null: not within the period
 * @param latest one time in ten it comes after this; null: not within the period
 * @param method how it was made, {@code ewma-hour-of-day}
 */
public record Forecast(
        @Nullable Instant depletesAt,
        @Nullable Instant earliest,
        @Nullable Instant latest,
        String method) {}
