package dev.octroi.quota.rehearsal;

/**
 * What would have followed under rehearsed grades. Each subscription counts once, under the strongest step it met.
 *
 * @param subscriptions played
 * @param records played
 * @param incidents alarms that would have been opened
 * @param notified subscriptions that would only have been told
 * @param asked that would have been asked
 * @param throttled that would have been slowed
 * @param categorySuspended whose background traffic would have been blocked
 * @param suspended whose data would have been suspended
 * @param slowedBytes counted while slowed: an upper limit of what slowing would have saved
 * @param heldBytes counted while suspended: what suspending would have saved
 */
public record RehearsalTally(
        int subscriptions,
        long records,
        int incidents,
        int notified,
        int asked,
        int throttled,
        int categorySuspended,
        int suspended,
        long slowedBytes,
        long heldBytes) {
    /** Nothing played yet. */
    public static final RehearsalTally NONE = new RehearsalTally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    RehearsalTally plus(RehearsalTally other) {
        return new RehearsalTally(
                subscriptions + other.subscriptions,
                records + other.records,
                incidents + other.incidents,
                notified + other.notified,
                asked + other.asked,
                throttled + other.throttled,
                categorySuspended + other.categorySuspended,
                suspended + other.suspended,
                slowedBytes + other.slowedBytes,
                heldBytes + other.heldBytes);
    }
}
