package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How good the numbers are.
 *
 * @param asOf the end of the latest record counted; null when none was
 * @param lagSeconds how long before the reading that was, 0 or more
 * @param complete whether everything up to the reading is known to be counted; false while the plan runs, because
 *     records take time to arrive
 * @param mayChangeByBytes what records on their way may add, from the account's recent speed and the feed's delay
 */
public record Freshness(@Nullable Instant asOf, long lagSeconds, boolean complete, long mayChangeByBytes) {}
