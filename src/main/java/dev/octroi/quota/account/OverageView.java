package dev.octroi.quota.account;

import dev.octroi.catalog.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Use beyond the volume, as people see it. Each amount is the sum of ledger rows.
 *
 * @param pricePerMegabyte what 1,000,000 bytes cost
 * @param zonePrices where 1,000,000 bytes cost something else
 * @param ceiling most that the plan ever charges
 * @param limit most that is charged in a calendar month
 * @param charged all that was charged
 * @param chargedThisMonth charged in the calendar month at hand
 * @param chargedBytes bytes that were charged
 * @param agreedAt since when the traveller agrees to be charged; null: nothing is charged
 */
public record OverageView(
        Money pricePerMegabyte,
        List<ZonePrice> zonePrices,
        Money ceiling,
        Money limit,
        Money charged,
        Money chargedThisMonth,
        long chargedBytes,
        @Nullable Instant agreedAt) {
    public OverageView {
        zonePrices = List.copyOf(zonePrices);
    }

    /** The price of 1,000,000 bytes in a zone, or in the country of this code. */
    public record ZonePrice(String zone, String name, Money pricePerMegabyte) {}
}
