package dev.octroi.quota.decide;

import dev.octroi.catalog.AreaName;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Condition;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Follows the device through zones that slow, block, ask or warn. */
final class ZoneWatch {
    private ZoneWatch() {}

    /** A record was made where the device was: in an area, or at least in a network. */
    static void used(Draft draft, UsageRecord record) {
        if (record.trackingArea() == null && isElsewhere(draft, record)) {
            // It was in that network since the record's beginning; reports of areas from then on are more exact.
            seen(draft, record.plmn(), record.country(), record.plmn(), record.eventEnd(), record.eventStart());
        } else {
            usedAtArea(draft, record);
        }
    }

    /** A record moves the device where it names an area. */
    static void usedAtArea(Draft draft, UsageRecord record) {
        String area = record.trackingArea();
        if (area != null) {
            moved(draft, record.plmn(), record.country(), area, record.eventEnd());
        }
    }

    /**
     * Whether a record without an area is of another network than the one where the device is. Within one network it says nothing,
     * nor does one that is older than what was counted. Where the device was never seen, only plans and rules with places want to
     * know: all others save the row.
     */
    private static boolean isElsewhere(Draft draft, UsageRecord record) {
        Place place = draft.place;
        Instant last = draft.lastEventAt;
        boolean isKnown = !record.plmn().equals(ChargeCommand.UNKNOWN_PLMN);
        boolean isLatest = last == null || !record.eventEnd().isBefore(last);
        return isKnown
                && isLatest
                && (place == null
                        ? !draft.terms.zoneCaps().isEmpty() || !draft.rules.isEmpty()
                        : !place.plmn().equals(record.plmn()));
    }

    /** The device was seen somewhere; a report older than the last one changes nothing. */
    static void moved(Draft draft, String plmn, String country, String area, Instant at) {
        seen(draft, plmn, country, area, at, at);
    }

    /**
     * A clock that is ahead must not hide what others report next: its reports are of now, in the order in which they come.
     *
     * @param saidAt when it was there, as the reporter has it
     * @param from reports of before are older from now on
     */
    private static void seen(Draft draft, String plmn, String country, String area, Instant saidAt, Instant from) {
        Place before = draft.place;
        Instant latest = draft.now.plusMillis(1);
        boolean isAhead = saidAt.isAfter(latest);
        Instant at = isAhead ? latest : saidAt;
        if (before != null && (isAhead ? at.isBefore(before.reportedAt()) : !at.isAfter(before.reportedAt()))) {
            return;
        }
        Instant earliest = from.isAfter(at) ? at : from;
        Instant reportedAt = before != null && earliest.isBefore(before.reportedAt()) ? before.reportedAt() : earliest;
        TariffWatch.moved(draft, area, country);
        ZoneCap cap = capAt(draft, area);
        String zoneId = cap == null ? null : cap.zoneId();
        String zoneBefore = before == null ? null : before.zoneId();
        Instant enteredAt = before != null && Objects.equals(zoneId, zoneBefore) ? before.since() : at;
        draft.place = new Place(plmn, country, zoneId, enteredAt, reportedAt);
        if (!Objects.equals(zoneId, zoneBefore)) {
            cross(draft, zoneBefore, cap, country);
        }
        boolean otherCountry = before != null && !before.country().equals(country);
        if (before == null || otherCountry || !before.plmn().equals(plmn) || !Objects.equals(zoneId, zoneBefore)) {
            RuleWatch.placed(draft, before);
        }
        if (before == null || otherCountry) {
            TariffNotice.arrived(draft, country);
        }
        if (otherCountry) {
            RuleWatch.happened(draft, Condition.Occasion.COUNTRY_CHANGED);
        }
    }

    /** From a zone or none into another or none. */
    private static void cross(Draft draft, @Nullable String zoneBefore, @Nullable ZoneCap cap, String country) {
        if (zoneBefore != null) {
            ZoneHolds.left(draft, zoneBefore);
            draft.raise("zone.left", told(zoneBefore, name(draft, zoneBefore), country));
        }
        if (cap != null) {
            ZoneHolds.hold(draft, cap);
            Map<String, Object> entered = told(cap.zoneId(), cap.name(), country);
            draft.raise("zone.entered", entered);
            if (cap.effect() != ZoneCap.Inside.SLOWS) {
                Map<String, Object> breached = new HashMap<>(entered);
                breached.put("then", cap.effect().name().toLowerCase(Locale.ROOT));
                draft.raise("zone.breached", breached);
            }
        }
    }

    /**
     * The zone that a record's bytes belong to: its own area's, else that where the device was in the record's network, else the
     * network's, else the country.
     */
    static String zoneOf(Draft draft, UsageRecord record) {
        String area = record.trackingArea();
        Place place = draft.place;
        if (area == null
                && place != null
                && place.zoneId() != null
                && place.plmn().equals(record.plmn())
                && !record.eventEnd().isBefore(place.since())) {
            return place.zoneId();
        }
        ZoneCap cap = capAt(draft, area == null ? record.plmn() : area);
        return cap == null ? record.country() : cap.zoneId();
    }

    /** Whether a zone of a plan is smaller than a network. */
    static boolean isByArea(PlanTerms terms) {
        return terms.zoneCaps().stream().anyMatch(zone -> isByArea(zone.trackingAreas()))
                || terms.zoneTariffs().stream().anyMatch(zone -> isByArea(zone.places()));
    }

    private static boolean isByArea(Set<String> places) {
        for (String place : places) {
            if (place.indexOf('-') != place.lastIndexOf('-')) {
                return true;
            }
        }
        return false;
    }

    /** {@code MCC-MNC}, {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}. */
    static String area(String plmn, @Nullable String tac, @Nullable String cell) {
        if (tac == null) {
            return plmn;
        }
        return cell == null ? plmn + "-" + tac : plmn + "-" + tac + "-" + cell;
    }

    /** The cap whose longest area begins the given one. */
    private static @Nullable ZoneCap capAt(Draft draft, String area) {
        return longest(draft.terms.zoneCaps(), ZoneCap::trackingAreas, area);
    }

    /** The zone whose longest place begins the area; zones name their places as {@link AreaName} has them. */
    static <Z> @Nullable Z longest(List<Z> zones, Function<Z, Set<String>> places, String area) {
        if (zones.isEmpty()) {
            return null;
        }
        String part = AreaName.canonical(area);
        while (true) {
            for (Z zone : zones) {
                if (places.apply(zone).contains(part)) {
                    return zone;
                }
            }
            int end = part.lastIndexOf('-');
            // The first dash parts country and network: below a network nothing is looked up.
            if (end < 0 || end == part.indexOf('-')) {
                return null;
            }
            part = part.substring(0, end);
        }
    }

    private static String name(Draft draft, String zoneId) {
        for (ZoneCap cap : draft.terms.zoneCaps()) {
            if (cap.zoneId().equals(zoneId)) {
                return cap.name();
            }
        }
        return zoneId;
    }

    private static Map<String, Object> told(String zoneId, String name, String country) {
        Map<String, Object> data = new HashMap<>();
        data.put("zone", zoneId);
        data.put("name", name);
        data.put("country", country);
        return data;
    }
}
