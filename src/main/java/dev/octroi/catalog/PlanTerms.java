package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.octroi.policy.Speed;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a plan as sold: everything that counting and policy need. Copied into the account when it opens, so that
 * a later change of the plan does not change what was bought.
 *
 * @param schema version of this record's JSON form, {@link #SCHEMA}
 * @param planName the plan's name, 1 to 120 characters
 * @param quotaBytes volume included, 1 byte to 1 PB
 * @param validity how long it lasts
 * @param afterQuota what follows when the volume is used up
 * @param warnAtPercent share of the volume at which the traveller is warned, 1 to 99
 * @param zoneCaps places with a lower speed, at most 50
 * @param drainPolicy what a drain alarm does by itself
 * @param dayZone whose midnight ends a day
 * @param drainTerms from when on drain alarms are acted on, and for how long; {@link DrainTerms#DEFAULT} where an older
 *     form says nothing
 * @param renewal how the volume comes anew within the period; null when it is for the whole plan
 * @param overage the price of use beyond the volume; null when there is none to be had
 * @param fairUse speeds that fall with use; null when there are none
 * @param zoneTariffs places with a price or a volume of their own, at most 50
 * @param sharing who else may spend the volume; null: nobody
 */
public record PlanTerms(
        int schema,
        String planName,
        long quotaBytes,
        Validity validity,
        AfterQuota afterQuota,
        int warnAtPercent,
        List<ZoneCap> zoneCaps,
        DrainPolicy drainPolicy,
        DayZone dayZone,
        DrainTerms drainTerms,
        @Nullable Renewal renewal,
        @Nullable Overage overage,
        @Nullable FairUse fairUse,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ZoneTariff> zoneTariffs,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Sharing sharing) {
    /** The JSON form written today. */
    public static final int SCHEMA = 1;

    /** The warning's default share in percent. */
    public static final int DEFAULT_WARN_AT_PERCENT = 80;

    /** The cap of {@link DrainPolicy#THROTTLE}. */
    public static final Speed DRAIN_SPEED = Speed.both(128);

    /** Most places of all zones of a plan that is published; those of before may have more. */
    public static final int MAX_PLACES = 10_000;

    private static final long MAX_QUOTA = 1_000_000_000_000_000L;
    private static final int MAX_NAME = 120;
    private static final int MAX_ZONES = 50;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    /** Terms with the usual grades of drain alarms. */
    public PlanTerms(
            int schema,
            String planName,
            long quotaBytes,
            Validity validity,
            AfterQuota afterQuota,
            int warnAtPercent,
            List<ZoneCap> zoneCaps,
            DrainPolicy drainPolicy,
            DayZone dayZone) {
        this(
                schema,
                planName,
                quotaBytes,
                validity,
                afterQuota,
                warnAtPercent,
                zoneCaps,
                drainPolicy,
                dayZone,
                DrainTerms.DEFAULT,
                null,
                null,
                null,
                List.of(),
                null);
    }

    /** The same with other grades of drain alarms. */
    public PlanTerms with(DrainTerms other) {
        return with(other, renewal, overage, fairUse, zoneTariffs, sharing);
    }

    /** The same with a volume that comes anew. */
    public PlanTerms with(@Nullable Renewal other) {
        return with(drainTerms, other, overage, fairUse, zoneTariffs, sharing);
    }

    /** The same with a price of use beyond the volume. */
    public PlanTerms with(@Nullable Overage other) {
        return with(drainTerms, renewal, other, fairUse, zoneTariffs, sharing);
    }

    /** The same with speeds that fall with use. */
    public PlanTerms with(@Nullable FairUse other) {
        return with(drainTerms, renewal, overage, other, zoneTariffs, sharing);
    }

    /** The same with places that have a price or a volume of their own. */
    public PlanTerms with(List<ZoneTariff> other) {
        return with(drainTerms, renewal, overage, fairUse, other, sharing);
    }

    /** The same for several subscriptions. */
    public PlanTerms with(@Nullable Sharing other) {
        return with(drainTerms, renewal, overage, fairUse, zoneTariffs, other);
    }

    private PlanTerms with(
            DrainTerms drain,
            @Nullable Renewal renews,
            @Nullable Overage beyond,
            @Nullable FairUse fair,
            List<ZoneTariff> tariffs,
            @Nullable Sharing shared) {
        return new PlanTerms(
                schema,
                planName,
                quotaBytes,
                validity,
                afterQuota,
                warnAtPercent,
                zoneCaps,
                drainPolicy,
                dayZone,
                drain,
                renews,
                beyond,
                fair,
                tariffs,
                shared);
    }

    public PlanTerms {
        requireNonNull(planName, "planName is null");
        requireNonNull(validity, "validity is null");
        requireNonNull(afterQuota, "afterQuota is null");
        requireNonNull(drainPolicy, "drainPolicy is null");
        requireNonNull(dayZone, "dayZone is null");
        zoneCaps = List.copyOf(zoneCaps);
        drainTerms = requireNonNullElse(drainTerms, DrainTerms.DEFAULT);
        zoneTariffs = List.copyOf(requireNonNullElse(zoneTariffs, List.of()));
        ZoneTariff.check(zoneTariffs, overage);
        if (sharing != null && zoneTariffs.stream().anyMatch(each -> each.includedBytes() > 0)) {
            throw new IllegalArgumentException("a plan with a volume for one zone is not shared");
        }
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("plan terms of an unknown schema " + schema);
        }
        if (planName.isEmpty() || planName.length() > MAX_NAME) {
            throw new IllegalArgumentException("a plan's name has 1 to 120 characters");
        }
        if (quotaBytes < 1 || quotaBytes > MAX_QUOTA) {
            throw new IllegalArgumentException("a quota is 1 byte to 1 PB");
        }
        if (warnAtPercent < 1 || warnAtPercent > 99) {
            throw new IllegalArgumentException("a warning comes at 1 to 99 percent");
        }
        if (zoneCaps.size() > MAX_ZONES || zoneTariffs.size() > MAX_ZONES) {
            throw new IllegalArgumentException("a plan has at most 50 zones");
        }
    }

    /** Whether a plan of fixed dates has ended for a traveller of this time zone. */
    public boolean isOver(ZoneId traveller, Instant now) {
        ZoneId zone = dayZone.of(traveller);
        Instant start = validity.fixedStart(zone);
        return start != null && !now.isBefore(validity.endOf(start, zone));
    }

    /** Places of all caps and tariffs, one that is in two zones counted twice, as it is kept twice. */
    public int places() {
        return zoneCaps.stream().mapToInt(cap -> cap.trackingAreas().size()).sum()
                + zoneTariffs.stream()
                        .mapToInt(tariff -> tariff.places().size())
                        .sum();
    }

    /** The JSON form, as kept with the account. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plan terms cannot be written", e);
        }
    }

    /**
     * Reads the JSON form.
     *
     * @throws IllegalArgumentException when it is not the JSON form of plan terms
     */
    public static PlanTerms fromJson(String json) {
        try {
            return JSON.readValue(json, PlanTerms.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the JSON form of plan terms: " + e.getOriginalMessage(), e);
        }
    }
}
