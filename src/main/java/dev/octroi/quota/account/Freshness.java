package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How good the numbers are.
 *
 * @param asOf the end of the latest record counted; null when none was
 * @param lagSeconds how long before the reading that was, 0 or more; without one, how long ago the plan began
 * @param complete whether everything up to the reading is known to be counted; false while the plan runs, because
 *     records take time to arrive. What waits in the quarantine is released by somebody's act and may change it still
 * @param mayChangeByBytes what records on their way may add, from the account's recent speed and the feed's delay, of which
 *     four hours at most are looked at
 */
public record Freshness(@Nullable Instant asOf, long lagSeconds, boolean complete, long mayChangeByBytes) {}
