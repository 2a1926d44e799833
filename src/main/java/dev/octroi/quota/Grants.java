package dev.octroi.quota;

import dev.octroi.policy.Until;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds volume. */
final class Grants {
    private static final long MIN_HEADROOM_BYTES = 50_000_000;
    private static final int HEADROOM_PERCENT = 5;

    private Grants() {}

    static Reply grant(Draft draft, Bucket.Kind kind, long bytes, String reference, String reason, Actor actor) {
        for (Bucket bucket : draft.buckets) {
            if (bucket.kind() == kind && bucket.reference().equals(reference)) {
                return Reply.REPEATED;
            }
        }
        if (draft.ended) {
            return new Reply.Refused(Refusal.PLAN_ENDED, "The plan has ended; new volume needs a new order.");
        }
        if (bytes > Long.MAX_VALUE - draft.totalBytes()) {
            return new Reply.Refused(Refusal.OVERFLOW, "The volumes of this account would leave the range of a sum.");
        }
        List<Bucket> buckets = new ArrayList<>(draft.buckets);
        buckets.add(new Bucket(buckets.size() + 1, kind, reference, reason, bytes, 0));
        draft.buckets = buckets;
        Thresholds.limitRaised(draft);
        if (draft.remainingBytes() >= headroomBytes(draft)) {
            draft.release(each -> each.restrictionClass().boostable() && each.until() instanceof Until.TopUp);
        }
        String word = kind == Bucket.Kind.TOP_UP ? "top_up.applied" : "credit.applied";
        draft.raise(
                word,
                Map.of(
                        "bytes", bytes,
                        "reference", reference,
                        "reason", reason,
                        "remainingBytes", draft.remainingBytes()));
        draft.audit(actor, "account." + kind.word(), reason, Map.of("bytes", bytes, "reference", reference));
        return Reply.DONE;
    }

    /** A little new volume does not lift a throttle only to set it again minutes later. */
    private static long headroomBytes(Draft draft) {
        return Math.max(MIN_HEADROOM_BYTES, draft.terms.quotaBytes() / 100 * HEADROOM_PERCENT);
    }
}
