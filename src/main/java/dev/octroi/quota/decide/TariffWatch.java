package dev.octroi.quota.decide;

import dev.octroi.catalog.Overage;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Follows the traveller through zones with a price or a volume of their own. */
final class TariffWatch {
    private TariffWatch() {}

    /** The tariff of a record's bytes: of its own area, else of where the device was, else of the network or country. */
    static @Nullable ZoneTariff of(Draft draft, UsageRecord record) {
        if (draft.terms.zoneTariffs().isEmpty()) {
            return null;
        }
        Place place = draft.place;
        boolean stayed = record.trackingArea() == null
                && place != null
                && place.plmn().equals(record.plmn())
                && !record.eventEnd().isBefore(place.reportedAt());
        if (stayed) {
            return named(draft, draft.charges.zone());
        }
        return at(draft, record.trackingArea() == null ? record.plmn() : record.trackingArea(), record.country());
    }

    /** The tariff of where the traveller is. */
    static @Nullable ZoneTariff here(Draft draft) {
        return named(draft, draft.charges.zone());
    }

    /** What a gigabyte costs there. */
    static long pricePerGigabyteMinor(Overage overage, @Nullable ZoneTariff tariff) {
        Long own = tariff == null ? null : tariff.pricePerGigabyteMinor();
        return own == null ? overage.pricePerGigabyteMinor() : own;
    }

    /** The device was seen at an area. */
    static void moved(Draft draft, String area, String country) {
        if (!draft.terms.zoneTariffs().isEmpty()) {
            into(draft, at(draft, area, country));
        }
    }

    /** The latest record was used under a tariff; older ones and what was reported since say nothing. */
    static void used(Draft draft, UsageRecord record, @Nullable ZoneTariff tariff) {
        if (!isLatest(draft, record)) {
            return;
        }
        if (!draft.terms.zoneTariffs().isEmpty()) {
            into(draft, tariff);
        }
        TariffNotice.arrived(draft, record.country());
    }

    private static boolean isLatest(Draft draft, UsageRecord record) {
        Place place = draft.place;
        Instant last = draft.lastEventAt;
        return (last == null || !record.eventEnd().isBefore(last))
                && (place == null || !record.eventEnd().isBefore(place.reportedAt()));
    }

    private static void into(Draft draft, @Nullable ZoneTariff tariff) {
        String zone = tariff == null ? null : tariff.zoneId();
        if (Objects.equals(zone, draft.charges.zone())) {
            return;
        }
        draft.charges = draft.charges.in(zone);
        // What is left differs from zone to zone, and with it what waits for volume.
        if (draft.remainingBytes() > 0) {
            draft.release(
                    each -> each.id().equals(Thresholds.QUOTA_USED) || each.id().equals(OverageWatch.LIMIT));
        } else {
            Thresholds.taken(draft);
        }
    }

    private static @Nullable ZoneTariff at(Draft draft, String area, String country) {
        ZoneTariff near = ZoneWatch.longest(draft.terms.zoneTariffs(), ZoneTariff::places, area);
        return near == null ? named(draft, country) : near;
    }

    private static @Nullable ZoneTariff named(Draft draft, @Nullable String zoneId) {
        for (ZoneTariff tariff : draft.terms.zoneTariffs()) {
            if (tariff.zoneId().equals(zoneId)) {
                return tariff;
            }
        }
        return null;
    }
}
