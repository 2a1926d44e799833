package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What members of a shared account have in common, on its way between their drafts. */
final class SharedVolume {
    /** Restrictions that volume, period and charges bring: they hold for all or for nobody. */
    private static final Set<String> COMMON =
            Set.of(Thresholds.QUOTA_USED, PeriodWatch.ENDED, PeriodWatch.NOT_STARTED, OverageWatch.LIMIT);

    /** A suspension by law or office of the owner's account, which is of the whole account, as a member has it beside its own. */
    static final String SHARED = "shared:";

    private SharedVolume() {}

    /** Gives a draft another one's volume, period and charges, and the restrictions that come with them. */
    static void lend(Draft from, Draft to) {
        put(from, to);
        Map<String, Restriction> wanted = new HashMap<>();
        for (Restriction each : from.restrictions()) {
            if (COMMON.contains(each.id()) || each.id().startsWith(SHARED)) {
                wanted.put(each.id(), each);
            } else if (Holds.isOfAnOffice(each)) {
                wanted.put(SHARED + each.id(), shared(each));
            }
        }
        to.release(each -> isCommon(each) && !wanted.containsKey(each.id()));
        wanted.values().forEach(to::restrict);
    }

    /** Takes over what a member's command made of the volume; what is everybody's to know is told by the owner's account. */
    static void giveBack(Draft member, Draft owner, int firstEffect) {
        put(member, owner);
        for (Restriction each : List.copyOf(member.restrictions())) {
            if (COMMON.contains(each.id())) {
                owner.restrict(each);
            }
        }
        owner.release(each -> COMMON.contains(each.id()) && !member.holds(each.id()));
        List<Effect> told = member.effects.subList(firstEffect, member.effects.size());
        List<Effect> common = new ArrayList<>();
        for (Effect each : told) {
            if (each instanceof Effect.EventRaised event && isCommon(event)) {
                common.add(event);
            }
        }
        told.removeAll(common);
        owner.effects.addAll(common);
    }

    /** What a draft has of its own where another one's volume was lent to it. */
    static void takeBack(Draft draft) {
        draft.startsAt = null;
        draft.endsAt = null;
        draft.ended = false;
        draft.renewedAt = null;
        draft.buckets = List.of();
        draft.warnedTotalBytes = 0;
        draft.charges = Charges.NONE.in(draft.charges.zone());
    }

    /** What a late member has of its own: a plan that ended when it joined. */
    static void endOwn(Draft draft, Share.Member member) {
        takeBack(draft);
        draft.startsAt = draft.openedAt();
        draft.endsAt = member.joinedAt();
        draft.ended = true;
    }

    /** Takes a bucket's rest out of the account; how much that was. */
    static long remove(Draft owner, String reference) {
        List<Bucket> buckets = new ArrayList<>(owner.buckets);
        long unused = 0;
        for (Bucket bucket : owner.buckets) {
            if (bucket.kind() == Bucket.Kind.CREDIT && bucket.reference().equals(reference)) {
                unused += bucket.remainingBytes();
                buckets.set(bucket.id() - 1, bucket.renew(0, 0));
            }
        }
        owner.buckets = buckets;
        Thresholds.limitLowered(owner);
        return unused;
    }

    private static void put(Draft from, Draft to) {
        Instant before = to.endsAt;
        Instant after = from.endsAt;
        to.startsAt = from.startsAt;
        to.endsAt = after;
        to.ended = from.ended;
        to.renewedAt = from.renewedAt;
        to.buckets = from.buckets;
        to.warnedTotalBytes = from.warnedTotalBytes;
        to.charges = from.charges.in(to.charges.zone());
        if (before != null && after != null && after.isAfter(before)) {
            PeriodWatch.moved(to, before, after);
        }
    }

    private static boolean isCommon(Restriction restriction) {
        return COMMON.contains(restriction.id()) || restriction.id().startsWith(SHARED);
    }

    private static Restriction shared(Restriction hold) {
        return new Restriction(
                SHARED + hold.id(),
                hold.restrictionClass(),
                hold.reasonCode(),
                hold.level(),
                hold.speed(),
                hold.ruleId(),
                hold.zoneId(),
                hold.category(),
                hold.from(),
                hold.until());
    }

    /** Warnings and the plan's beginning, windows and end. */
    static boolean isForMembers(Effect.EventRaised event) {
        return event.type().startsWith("plan.")
                || (event.type().equals("usage.threshold_reached")
                        && "plan".equals(event.data().get("limit")));
    }

    private static boolean isCommon(Effect.EventRaised event) {
        String type = event.type();
        return type.startsWith("plan.")
                || type.startsWith("overage.")
                || type.equals("volume.expired")
                || type.equals("top_up.applied")
                || type.equals("credit.applied")
                || (type.equals("usage.threshold_reached")
                        && "plan".equals(event.data().get("limit")));
    }

    /** What a former member has of its own, to be put back after its late records. */
    record Kept(
            @Nullable Instant startsAt,
            @Nullable Instant endsAt,
            boolean ended,
            @Nullable Instant renewedAt,
            List<Bucket> buckets,
            long warnedTotalBytes,
            Charges charges) {
        static Kept of(Draft draft) {
            return new Kept(
                    draft.startsAt,
                    draft.endsAt,
                    draft.ended,
                    draft.renewedAt,
                    draft.buckets,
                    draft.warnedTotalBytes,
                    draft.charges);
        }

        void restore(Draft draft) {
            draft.startsAt = startsAt;
            draft.endsAt = endsAt;
            draft.ended = ended;
            draft.renewedAt = renewedAt;
            draft.buckets = buckets;
            draft.warnedTotalBytes = warnedTotalBytes;
            draft.charges = charges.in(draft.charges.zone());
            draft.release(SharedVolume::isCommon);
        }
    }
}
