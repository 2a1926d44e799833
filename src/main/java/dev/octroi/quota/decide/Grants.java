package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds volume. */
final class Grants {
    private static final int MAX_BUCKETS = 1_000;

    private Grants() {}

    static Reply grant(Draft draft, Bucket.Kind kind, Grant grant, Actor actor) {
        for (Bucket bucket : draft.buckets) {
            if (bucket.kind() == kind && bucket.reference().equals(grant.reference())) {
                return Reply.REPEATED;
            }
        }
        if (draft.ended) {
            return new Reply.Refused(Refusal.PLAN_ENDED, "The plan has ended; new volume needs a new order.");
        }
        if (grant.bytes() > Long.MAX_VALUE - draft.totalBytes() || draft.buckets.size() >= MAX_BUCKETS) {
            return new Reply.Refused(Refusal.OVERFLOW, "The volumes of this account would leave their range.");
        }
        Reply.Refused elsewhere = elsewhere(draft, grant);
        if (elsewhere != null) {
            return elsewhere;
        }
        List<Bucket> buckets = new ArrayList<>(draft.buckets);
        buckets.add(bucket(draft, kind, grant));
        draft.buckets = buckets;
        if (grant.extendDays() > 0) {
            PeriodWatch.extend(draft, grant.extendDays());
        }
        Thresholds.limitRaised(draft);
        // Somebody's act and no flipping: however little was added, what is there can be used. Days alone add nothing.
        if (grant.bytes() > 0 && draft.remainingBytes() > 0) {
            draft.release(each ->
                    each.id().equals(OverageWatch.LIMIT) || (isForVolume(each) && each.until() instanceof Until.TopUp));
        }
        String word = kind == Bucket.Kind.TOP_UP ? "top_up.applied" : "credit.applied";
        draft.raise(word, told(draft, grant));
        draft.audit(
                actor,
                "account." + kind.word(),
                grant.reason(),
                Map.of("bytes", grant.bytes(), "extendDays", grant.extendDays(), "reference", grant.reference()));
        return Reply.DONE;
    }

    private static Map<String, Object> told(Draft draft, Grant grant) {
        Map<String, Object> data = new HashMap<>(Map.of(
                "bytes", grant.bytes(),
                "extendDays", grant.extendDays(),
                "reference", grant.reference(),
                "reason", grant.reason(),
                "remainingBytes", draft.remainingBytes()));
        Grant.Sale sale = grant.sale();
        if (sale != null && sale.externalReference() != null) {
            data.put("externalReference", sale.externalReference());
        }
        if (sale != null && sale.amount() != null && sale.currency() != null) {
            data.put("price", Map.of("amount", sale.amount(), "currency", sale.currency()));
        }
        return data;
    }

    /** Volume for zones is known by the plan's tariffs, which say where a traveller is. */
    private static Reply.@Nullable Refused elsewhere(Draft draft, Grant grant) {
        if (!grant.zones().isEmpty() && draft.terms.sharing() != null) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "A volume that several may spend is for everywhere.");
        }
        for (String zone : grant.zones()) {
            if (draft.terms.zoneTariffs().stream()
                    .noneMatch(tariff -> tariff.zoneId().equals(zone))) {
                return new Reply.Refused(Refusal.UNKNOWN_ZONE, "The plan has no tariff of its own for a zone named.");
            }
        }
        return null;
    }

    private static Bucket bucket(Draft draft, Bucket.Kind kind, Grant grant) {
        boolean waits = draft.startsAt == null;
        Instant expiresAt = grant.validDays() == 0 || waits
                ? null
                : PeriodWatch.later(draft.now, grant.validDays(), draft.planZone());
        return new Bucket(
                draft.buckets.size() + 1,
                kind,
                grant.reference(),
                grant.reason(),
                grant.bytes(),
                0,
                0,
                0,
                expiresAt,
                grant.extendDays(),
                waits ? grant.validDays() : 0,
                Set.copyOf(grant.zones()));
    }

    /**
     * What the plan's lack of volume holds back, and what somebody's rule holds back until there is volume; never what law,
     * an office or an alarm holds.
     */
    private static boolean isForVolume(Restriction restriction) {
        RestrictionClass kind = restriction.restrictionClass();
        return kind.boostable() || (restriction.ruleId() != null && kind.compareTo(RestrictionClass.USER_CAP) >= 0);
    }
}
