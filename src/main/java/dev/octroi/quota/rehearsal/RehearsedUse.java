package dev.octroi.quota.rehearsal;

import dev.octroi.policy.Condition;
import dev.octroi.quota.account.UsagePoint;
import java.time.Instant;
import java.util.List;

/**
 * What is known of an account's past, for playing rules on it.
 *
 * @param hours its use by the hour, oldest first
 * @param quarters quarters of an hour in which records ended, with what they were charged; empty where no rule asks
 * @param occasions what happened, oldest first; empty where no rule asks
 */
record RehearsedUse(List<UsagePoint> hours, List<Quarter> quarters, List<Happened> occasions) {
    RehearsedUse {
        hours = List.copyOf(hours);
        quarters = List.copyOf(quarters);
        occasions = List.copyOf(occasions);
    }

    /**
     * A quarter of an hour with use of one kind in one place.
     *
     * @param from first moment
     * @param chargedMinor minor units charged for it, 0 or more
     */
    record Quarter(Instant from, String zone, String category, String plmn, long chargedMinor) {}

    /** Something that rules may act on. */
    record Happened(Instant at, Condition.Occasion occasion) {}
}
