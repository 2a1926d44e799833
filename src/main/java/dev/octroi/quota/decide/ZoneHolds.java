package dev.octroi.quota.decide;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Place;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What zones of the plan hold back while the device is inside. */
final class ZoneHolds {
    private static final String PREFIX = "zone:";
    private static final String ASK_FIRST = "zone.ask_first";

    private ZoneHolds() {}

    /** What a place holds back; what still waits for its minute goes on instead. */
    static void hold(Draft draft, ZoneCap cap) {
        Where.Hours hours = cap.hours();
        boolean isTime = hours == null || hours.contain(LocalTime.ofInstant(draft.now, draft.dayZone()));
        switch (cap.effect()) {
            case SLOWS -> {
                if (isTime) {
                    Until until = hours == null
                            ? new Until.ZoneLeft()
                            : new Until.At(Dwell.atLeast(draft, RuleEnds.nextBoundary(draft, hours)));
                    draft.restrict(inside(draft, cap, "zone.speed_cap", Level.THROTTLED, until));
                }
            }
            case BLOCKS ->
                draft.restrict(inside(draft, cap, "zone.blocked", Level.SUSPENDED_DATA, new Until.ZoneLeft()));
            case ASKS -> draft.restrict(inside(draft, cap, ASK_FIRST, Level.SUSPENDED_DATA, new Until.ZoneLeft()));
            case WARNS -> {}
        }
    }

    private static Restriction inside(Draft draft, ZoneCap cap, String reason, Level level, Until until) {
        String id = PREFIX + cap.zoneId();
        Instant from = draft.restrictions().stream()
                .filter(each -> each.id().equals(id))
                .map(Restriction::from)
                .findFirst()
                .orElse(draft.now);
        return new Restriction(
                id, RestrictionClass.ZONE, reason, level, cap.speed(), null, cap.zoneId(), null, from, until);
    }

    /** The device left a zone. */
    static void left(Draft draft, String zoneId) {
        for (Restriction each : List.copyOf(draft.restrictions())) {
            if (each.id().equals(PREFIX + zoneId)) {
                if (Dwell.holds(draft, each)) {
                    draft.restrict(each.until(new Until.ZoneLeft(Dwell.endOf(draft, each))));
                } else {
                    draft.release(one -> one.id().equals(each.id()));
                }
            }
        }
    }

    /** Time has passed: hours in which the place is slower begin. They end with their restriction. */
    static void advance(Draft draft) {
        ZoneCap cap = capOf(draft.terms, draft.place);
        if (cap != null && cap.hours() != null && !draft.holds(PREFIX + cap.zoneId())) {
            hold(draft, cap);
        }
    }

    /** When the place where the device is becomes slower by itself, seen from the hour of the last look. */
    static @Nullable Instant nextHours(AccountState state) {
        ZoneCap cap = capOf(state.terms(), state.place());
        Instant seen = state.hour().start();
        if (cap == null || cap.hours() == null || seen.equals(Instant.MIN)) {
            return null;
        }
        String id = PREFIX + cap.zoneId();
        if (state.restrictions().stream().anyMatch(each -> each.id().equals(id))) {
            return null;
        }
        ZoneId zone = state.dayZone();
        LocalDate today = LocalDate.ofInstant(seen, zone);
        Instant begins = today.atTime(cap.hours().from()).atZone(zone).toInstant();
        return begins.isAfter(seen)
                ? begins
                : today.plusDays(1).atTime(cap.hours().from()).atZone(zone).toInstant();
    }

    /** Whether the traveller may say "go on". */
    static boolean asks(Restriction restriction) {
        return restriction.reasonCode().equals(ASK_FIRST);
    }

    private static @Nullable ZoneCap capOf(PlanTerms terms, @Nullable Place place) {
        if (place == null || place.zoneId() == null) {
            return null;
        }
        for (ZoneCap cap : terms.zoneCaps()) {
            if (cap.zoneId().equals(place.zoneId())) {
                return cap;
            }
        }
        return null;
    }
}
