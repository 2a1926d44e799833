package dev.octroi.quota.decide;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Share;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a policy counter of an account may have another status than before its commands (3GPP TS 29.594 §4.2.4).
 * What the traveller is told does not say so: of a renewal, a border or what another member does there is no word to each.
 */
final class CounterWatch {
    private CounterWatch() {}

    /**
     * Call when all commands are decided, while the volume is still lent.
     *
     * @param volume the account whose volume it spends: itself where it shares none
     */
    static void watch(Draft draft, Draft volume) {
        boolean over = volume.ended && !volume.before().ended();
        if (over || isMoved(draft, volume)) {
            draft.effects.add(new Effect.CountersMoved(over, draft.now));
        }
    }

    private static boolean isMoved(Draft draft, Draft volume) {
        AccountState before = draft.before();
        AccountState volumeBefore = volume.before();
        return draft.policy().version() != before.policy().version()
                || isMember(draft.share) != isMember(before.share())
                || !Objects.equals(volume.endsAt, volumeBefore.endsAt())
                || fill(volume.buckets, draft.charges.zone(), draft.terms)
                        != fill(volumeBefore.buckets(), before.charges().zone(), draft.terms);
    }

    private static boolean isMember(Share share) {
        return share instanceof Share.Member member && member.leftAt() == null;
    }

    private static Fill fill(List<Bucket> buckets, @Nullable String zone, PlanTerms terms) {
        long total = 0;
        long taken = 0;
        for (Bucket bucket : buckets) {
            if (bucket.isFor(zone)) {
                total += bucket.quotaBytes();
                taken += bucket.usedBytes();
            }
        }
        if (taken >= total) {
            return Fill.EXHAUSTED;
        }
        return taken >= Thresholds.warnAtBytes(terms, total) ? Fill.LOW : Fill.NORMAL;
    }

    /** How a volume stands. */
    private enum Fill {
        NORMAL,
        LOW,
        EXHAUSTED
    }
}
