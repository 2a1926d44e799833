package dev.octroi.quota.decide;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.Share;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Says what data costs in a country when the traveller comes to it, or first uses data there: what is left to be used and what
 * follows. Once for each country in each window of the plan, as roaming providers do (Regulation (EU) 2022/612 art. 14), and
 * only of plans where something differs from place to place or costs something.
 */
final class TariffNotice {
    static final String EVENT = "tariff.told";

    /** Beside the counts of rules, whose names begin with an owner; it has no owner of a rule. */
    private static final String KEY = "plan:tariff.";

    /** Where the network told no country. */
    private static final String NOWHERE = "ZZ";

    private TariffNotice() {}

    /** The device is in a country. */
    static void arrived(Draft draft, String country) {
        Instant window = draft.renewedAt == null ? draft.startsAt : draft.renewedAt;
        if (window == null || draft.ended || country.equals(NOWHERE) || !hasTariff(draft)) {
            return;
        }
        String key = KEY + country;
        RuleCount count = draft.ruleCounts.getOrDefault(key, RuleCount.NEW).at(window);
        if (!count.fired()) {
            draft.ruleCounts.put(key, count.fired(true, null));
            draft.raise(EVENT, told(draft, country));
        }
    }

    /** Whoever draws from a shared volume is told as well, because it is who stands at the border; who has left is not. */
    private static boolean hasTariff(Draft draft) {
        return (draft.terms.overage() != null || !draft.terms.zoneTariffs().isEmpty())
                && !(draft.share instanceof Share.Member member && !member.isActive());
    }

    private static Map<String, Object> told(Draft draft, String country) {
        Map<String, Object> data = new HashMap<>();
        data.put("country", country);
        data.put("remainingBytes", Math.min(draft.remainingBytes(), MemberWatch.leftBytes(draft)));
        data.put("then", then(draft));
        Overage overage = draft.terms.overage();
        if (overage != null) {
            long price = TariffWatch.pricePerGigabyteMinor(overage, TariffWatch.here(draft));
            data.put("pricePerMegabyte", overage.pricePerMegabyteText(price));
            data.put("currency", overage.currency());
            data.put(
                    "limit",
                    overage.money(OverageWatch.limitMinor(overage, draft.charges))
                            .text());
        }
        return data;
    }

    /** What follows when nothing is left; without consent nobody is charged. */
    private static String then(Draft draft) {
        if (OverageWatch.carries(draft)) {
            return "charged";
        }
        return draft.terms.afterQuota() instanceof AfterQuota.Throttle ? "slow" : "stop";
    }
}
