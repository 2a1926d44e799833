package dev.octroi.api.reseller;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanOffer;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.Validity.StartMode;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans on the wire. */
final class PlanJson {
    private PlanJson() {}

    static JsonObject write(Plan plan) {
        PlanOffer offer = plan.offer();
        PlanTerms terms = offer.terms();
        JsonObject json = new JsonObject()
                .put("id", PublicId.PLAN.format(plan.id()))
                .put("version", plan.version())
                .put("name", offer.name())
                .put("price", MoneyJson.write(offer.price()))
                .put("includedBytes", terms.quotaBytes())
                .put("validity", validity(terms.validity()))
                .put("afterExhaustion", afterExhaustion(terms.afterQuota()))
                .put("countries", new JsonArray(offer.countries()))
                .put("zoneCaps", zoneCaps(terms.zoneCaps()))
                .put("warnAtPercent", terms.warnAtPercent())
                .put("drainPolicy", word(terms.drainPolicy()))
                .put("drainTerms", DrainTermsJson.write(terms.drainTerms()))
                .put("dayZone", word(terms.dayZone()))
                .put("tethering", offer.tethering());
        Overage overage = terms.overage();
        if (overage != null) {
            json.put("overage", OverageJson.write(overage));
        }
        if (terms.fairUse() != null) {
            json.put("fairUse", FairUseJson.write(terms.fairUse()));
        }
        if (!terms.zoneTariffs().isEmpty()) {
            json.put("zoneTariffs", ZoneTariffs.write(terms.zoneTariffs(), overage));
        }
        if (terms.sharing() != null) {
            json.put("sharing", SharingJson.write(terms.sharing()));
        }
        Renewal renewal = terms.renewal();
        if (renewal != null) {
            json.put(
                    "renewal",
                    new JsonObject().put("every", word(renewal.every())).put("rolloverBytes", renewal.rolloverBytes()));
        }
        Money topUp = offer.topUpPricePerGigabyte();
        if (topUp != null) {
            json.put("topUpPricePerGigabyte", MoneyJson.write(topUp));
        }
        if (offer.breakoutCountry() != null) {
            json.put("breakoutCountry", offer.breakoutCountry());
        }
        if (offer.profileType() != null) {
            json.put("profileType", offer.profileType());
        }
        return json.put("labelHash", plan.label().hash())
                .put("labelUrl", "/v1/plans/" + PublicId.PLAN.format(plan.id()) + "/label")
                .put("createdAt", Times.text(plan.createdAt()));
    }

    /** Keeps in the audit log that a version was published. */
    static Future<Void> audit(TenantCalls calls, SqlConnection connection, Caller caller, Plan plan) {
        return calls.audit(
                connection,
                caller,
                "plan.published",
                PublicId.PLAN.format(plan.id()),
                Map.of("version", plan.version(), "labelHash", plan.label().hash()));
    }

    /**
     * Reads the body of a write that the contract has let through.
     *
     * @param caps the zone caps of the body, with the zones' areas of now
     * @param tariffs the zones with a tariff of their own, likewise
     */
    static PlanOffer read(JsonObject body, List<ZoneCap> caps, List<ZoneTariff> tariffs) {
        JsonObject topUp = body.getJsonObject("topUpPricePerGigabyte");
        try {
            PlanTerms terms = new PlanTerms(
                    PlanTerms.SCHEMA,
                    body.getString("name"),
                    body.getLong("includedBytes"),
                    readValidity(body.getJsonObject("validity")),
                    readAfter(body.getJsonObject("afterExhaustion")),
                    body.getInteger("warnAtPercent", PlanTerms.DEFAULT_WARN_AT_PERCENT),
                    caps,
                    constant(DrainPolicy.class, body.getString("drainPolicy", "suspend")),
                    constant(DayZone.class, body.getString("dayZone", "traveller")),
                    DrainTermsJson.read(body.getJsonObject("drainTerms", new JsonObject())),
                    readRenewal(body.getJsonObject("renewal")),
                    OverageJson.read(body.getJsonObject("overage")),
                    FairUseJson.read(body.getJsonObject("fairUse")),
                    tariffs,
                    SharingJson.read(body.getJsonObject("sharing")));
            // What follows holds for plans from now on: those of before may be otherwise, and are read all the same.
            if (terms.places() > PlanTerms.MAX_PLACES) {
                // Each account of the plan, and whoever reads it, has them all in hand.
                throw new IllegalArgumentException("the zones of a plan have at most 10,000 places together");
            }
            Money price = MoneyJson.read(body.getJsonObject("price"));
            if (terms.overage() != null && !terms.overage().currency().equals(price.currency())) {
                throw new IllegalArgumentException("a plan has one currency");
            }
            return new PlanOffer(
                    terms,
                    price,
                    body.getJsonArray("countries").stream().map(String::valueOf).toList(),
                    topUp == null ? null : MoneyJson.read(topUp),
                    body.getString("breakoutCountry"),
                    body.getBoolean("tethering", true),
                    body.getString("profileType"));
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_plan", String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Renewal readRenewal(@Nullable JsonObject json) {
        return json == null
                ? null
                : new Renewal(
                        constant(Renewal.Every.class, json.getString("every")), json.getLong("rolloverBytes", 0L));
    }

    private static JsonObject validity(Validity validity) {
        JsonObject json = new JsonObject()
                .put("start", word(validity.start()))
                .put("amount", validity.amount())
                .put("unit", word(validity.unit()));
        Times.put(json, "startsAt", validity.fixedStart());
        if (validity.firstDay() != null) {
            json.put("firstDay", validity.firstDay().toString());
        }
        return json;
    }

    private static Validity readValidity(JsonObject json) {
        String startsAt = json.getString("startsAt");
        String firstDay = json.getString("firstDay");
        return new Validity(
                json.getInteger("amount"),
                constant(Validity.Unit.class, json.getString("unit")),
                constant(StartMode.class, json.getString("start")),
                startsAt == null ? null : moment(startsAt),
                firstDay == null ? null : date(firstDay));
    }

    private static @Nullable Instant moment(String text) {
        return Times.parse(text).orElseThrow(() -> new IllegalArgumentException("startsAt is not a moment"));
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("firstDay is not a date", e);
        }
    }

    private static JsonObject afterExhaustion(AfterQuota after) {
        return switch (after) {
            case AfterQuota.Throttle slow ->
                new JsonObject().put("action", "slow").put("rate", RateJson.write(slow.speed()));
            case AfterQuota.Stop stop -> new JsonObject().put("action", "stop");
        };
    }

    private static AfterQuota readAfter(JsonObject json) {
        return json.getString("action").equals("slow")
                ? new AfterQuota.Throttle(RateJson.read(json.getJsonObject("rate")))
                : new AfterQuota.Stop();
    }

    private static JsonArray zoneCaps(List<ZoneCap> caps) {
        JsonArray array = new JsonArray();
        for (ZoneCap cap : caps) {
            Speed speed = cap.speed();
            Where.Hours hours = cap.hours();
            JsonObject json = new JsonObject().put("zoneId", cap.zoneId());
            if (speed != null) {
                json.put("rate", RateJson.write(speed));
            } else if (cap.entry() != null) {
                json.put("entry", word(cap.entry()));
            } else {
                json.put("blocked", true);
            }
            if (hours != null) {
                json.put(
                        "hours",
                        new JsonObject()
                                .put("from", hours.from().toString())
                                .put("to", hours.to().toString()));
            }
            array.add(json);
        }
        return array;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }
}
