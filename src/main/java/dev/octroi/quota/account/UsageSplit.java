package dev.octroi.quota.account;

/**
 * By what use of an hour or day is told apart; what is not told apart is added up, and its word in {@link UsagePoint} is empty.
 *
 * @param byZone by zone or country as the plan sees it
 * @param byCategory by traffic category
 * @param byNetwork by visited network
 */
public record UsageSplit(boolean byZone, boolean byCategory, boolean byNetwork) {
    /** As fine as it is kept. */
    public static final UsageSplit ALL = new UsageSplit(true, true, true);
}
