package dev.octroi.quota.rehearsal;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What rules would have done to many accounts; a subscription counts once under each of what it met.
 *
 * @param subscriptions played
 * @param slowed that would have been slow at some time
 * @param blocked whose background traffic or categories would have been blocked
 * @param paused whose data would have stopped
 * @param told on which the rules would have acted
 * @param usedBytes what was used
 * @param savedBytes what of it would not have passed
 */
public record FleetTally(
        long subscriptions, long slowed, long blocked, long paused, long told, long usedBytes, long savedBytes) {
    /** Nobody yet. */
    public static final FleetTally NONE = new FleetTally(0, 0, 0, 0, 0, 0, 0);

    private static final int PARTS = 7;

    /** With more accounts. */
    public FleetTally plus(Collection<RuleTally> more) {
        FleetTally sum = this;
        for (RuleTally each : more) {
            sum = new FleetTally(
                    sum.subscriptions + 1,
                    sum.slowed + one(each.slowedSeconds()),
                    sum.blocked + one(each.blockedSeconds()),
                    sum.paused + one(each.pausedSeconds()),
                    sum.told + one(each.notices()),
                    sum.usedBytes + each.usedBytes(),
                    sum.savedBytes + each.savedBytes());
        }
        return sum;
    }

    /** The sums as one word, for a cursor that carries them from page to page. */
    public String word() {
        return subscriptions + "," + slowed + "," + blocked + "," + paused + "," + told + "," + usedBytes + ","
                + savedBytes;
    }

    /**
     * The sums of a word.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static FleetTally of(String word) {
        List<Long> parts = Stream.of(word.split(",", -1)).map(Long::valueOf).toList();
        if (parts.size() != PARTS) {
            throw new IllegalArgumentException("seven sums");
        }
        return new FleetTally(
                parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4), parts.get(5), parts.get(6));
    }

    private static int one(long amount) {
        return amount > 0 ? 1 : 0;
    }
}
