package dev.octroi.catalog;

import dev.octroi.db.PublicId;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The facts of a tariff label. A member, once published, keeps its name and meaning. */
final class LabelFacts {
    /** How far use may pass a limit before the network acts; what passes is not charged. */
    static final long TOLERANCE_BYTES = 10_000_000;

    /** Days after the order in which a plan that was not installed is paid back in full. */
    static final int REFUND_DAYS = 14;

    private static final long GIGABYTE = 1_000_000_000;

    private LabelFacts() {}

    static Map<String, Object> of(long planId, int version, PlanOffer offer) {
        PlanTerms terms = offer.terms();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("planId", PublicId.PLAN.format(planId));
        facts.put("planVersion", version);
        facts.put("name", offer.name());
        facts.put("price", money(offer.price()));
        facts.put("included", included(terms));
        facts.put("afterExhaustion", afterExhaustion(terms.afterQuota()));
        facts.put("speedTiers", speedTiers(terms));
        FairUse fairUse = terms.fairUse();
        if (fairUse != null) {
            facts.put("fairUse", fairUse(fairUse));
        }
        facts.put("overage", overage(offer));
        if (!terms.zoneTariffs().isEmpty()) {
            facts.put(
                    "zoneTariffs",
                    terms.zoneTariffs().stream()
                            .map(tariff -> zoneTariff(tariff, terms.overage()))
                            .toList());
        }
        Sharing sharing = terms.sharing();
        if (sharing != null) {
            facts.put("sharing", sharing(sharing));
        }
        facts.put("validity", validity(terms.validity(), terms.dayZone()));
        facts.put("coverage", coverage(offer));
        facts.put(
                "counting",
                Map.of(
                        "unit",
                        "byte",
                        "includes",
                        "ip_headers_and_retransmissions",
                        "roundingBytes",
                        1,
                        "gigabyteBytes",
                        GIGABYTE));
        facts.put(
                "enforcement",
                Map.of("decisionWithinSeconds", 1, "toleranceBytes", TOLERANCE_BYTES, "toleranceBorneBy", "seller"));
        facts.put("refund", Map.of("rule", "full_before_install", "withinDays", REFUND_DAYS));
        facts.put("alerts", Map.of("percents", List.of(terms.warnAtPercent(), 100)));
        facts.put("drain", Map.of("action", lower(terms.drainPolicy())));
        Money topUp = offer.topUpPricePerGigabyte();
        if (topUp != null) {
            facts.put("topUp", Map.of("pricePerGigabyte", money(topUp)));
        }
        return facts;
    }

    static Map<String, Object> money(Money money) {
        return Map.of("amount", money.text(), "currency", money.currency());
    }

    static Map<String, Object> rate(Speed speed) {
        return Map.of("up", speed.upKbps(), "down", speed.downKbps());
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Map<String, Object> fairUse(FairUse fairUse) {
        return Map.of(
                "window",
                lower(fairUse.window()),
                "tiers",
                fairUse.tiers().stream()
                        .map(tier -> (Object) Map.of("fromBytes", tier.fromBytes(), "rate", rate(tier.speed())))
                        .toList());
    }

    private static Object zone(ZoneCap cap) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("zoneId", cap.zoneId());
        facts.put("name", cap.name());
        Speed speed = cap.speed();
        Where.Hours hours = cap.hours();
        if (speed != null) {
            facts.put("rate", rate(speed));
        }
        if (hours != null) {
            facts.put(
                    "hours",
                    Map.of("from", hours.from().toString(), "to", hours.to().toString()));
        }
        if (cap.effect() == ZoneCap.Inside.BLOCKS) {
            facts.put("blocked", true);
        }
        if (cap.entry() != null) {
            facts.put("entry", lower(cap.entry()));
        }
        return facts;
    }

    private static Object zoneTariff(ZoneTariff tariff, @Nullable Overage overage) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("zone", tariff.zoneId());
        facts.put("name", tariff.name());
        if (tariff.includedBytes() > 0) {
            facts.put("includedBytes", tariff.includedBytes());
        }
        Long price = tariff.pricePerGigabyteMinor();
        if (price != null && overage != null) {
            facts.put("pricePerMegabyte", money(overage.pricePerMegabyte(price)));
        }
        return facts;
    }

    /** The hard ceiling says to machines what can be charged; 0 where nothing ever is. */
    private static Map<String, Object> overage(PlanOffer offer) {
        Overage overage = offer.terms().overage();
        if (overage == null) {
            Map<String, Object> nothing = money(Money.zero(offer.price().currency()));
            return Map.of("pricePerMegabyte", nothing, "ceiling", nothing);
        }
        return Map.of(
                "pricePerMegabyte", money(overage.pricePerMegabyte()),
                "ceiling", money(overage.money(overage.ceilingMinor())),
                "monthlyLimit", money(overage.money(overage.limitMinor())));
    }

    private static Map<String, Object> sharing(Sharing sharing) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("maxMembers", sharing.maxMembers());
        facts.put("memberBytes", sharing.memberBytes());
        if (sharing.memberPrice() != null) {
            facts.put("memberPrice", money(sharing.memberPrice()));
        }
        return facts;
    }

    private static Map<String, Object> included(PlanTerms terms) {
        Renewal renewal = terms.renewal();
        return renewal == null
                ? Map.of("bytes", terms.quotaBytes(), "window", "plan")
                : Map.of(
                        "bytes", terms.quotaBytes(),
                        "window", lower(renewal.every()),
                        "rolloverBytes", renewal.rolloverBytes());
    }

    private static Map<String, Object> afterExhaustion(AfterQuota after) {
        return switch (after) {
            case AfterQuota.Throttle slow -> Map.of("action", "slow", "rate", rate(slow.speed()));
            case AfterQuota.Stop stop -> Map.of("action", "stop");
        };
    }

    private static List<Object> speedTiers(PlanTerms terms) {
        List<Object> tiers = new ArrayList<>();
        tiers.add(Map.of("fromBytes", 0L));
        if (terms.afterQuota() instanceof AfterQuota.Throttle slow) {
            tiers.add(Map.of("fromBytes", terms.quotaBytes(), "rate", rate(slow.speed())));
        }
        return tiers;
    }

    private static Map<String, Object> validity(Validity validity, DayZone dayZone) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("start", lower(validity.start()));
        facts.put("amount", validity.amount());
        facts.put("unit", lower(validity.unit()));
        facts.put("dayZone", lower(dayZone));
        if (validity.fixedStart() != null) {
            facts.put("startsAt", validity.fixedStart().toString());
        }
        LocalDate lastDay = validity.lastDay();
        if (validity.firstDay() != null && lastDay != null) {
            facts.put("firstDay", validity.firstDay().toString());
            facts.put("lastDay", lastDay.toString());
        }
        return facts;
    }

    private static Map<String, Object> coverage(PlanOffer offer) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("countries", offer.countries());
        facts.put(
                "zoneCaps",
                offer.terms().zoneCaps().stream().map(LabelFacts::zone).toList());
        facts.put("elsewhere", "no_service");
        facts.put("tethering", offer.tethering());
        if (offer.breakoutCountry() != null) {
            facts.put("breakoutCountry", offer.breakoutCountry());
        }
        return facts;
    }
}
