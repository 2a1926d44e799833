package dev.octroi.quota;

import dev.octroi.catalog.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Use beyond the volume, as people see it. Each amount is the sum of ledger rows.
 *
 * @param pricePerMegabyte what 1,000,000 bytes cost
 * @param ceiling most that the plan ever charges
 * @param limit most that is charged in a calendar month
 * @param charged all that was charged
 * @param chargedThisMonth charged in the calendar month at hand
 * @param chargedBytes bytes that were charged
 * @param agreedAt since when the traveller agrees to be charged; null: nothing is charged
 */
public record OverageView(
        Money pricePerMegabyte,
        Money ceiling,
        Money limit,
        Money charged,
        Money chargedThisMonth,
        long chargedBytes,
        @Nullable Instant agreedAt) {}
