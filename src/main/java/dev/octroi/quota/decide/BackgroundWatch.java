package dev.octroi.quota.decide;

import dev.octroi.drain.VisitedTime;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the restriction that the traveller's background switch asks for. */
final class BackgroundWatch {
    static final String ID = "user.background";

    private BackgroundWatch() {}

    static Reply set(Draft draft, AccountCommand.SetBackground command) {
        Background before = draft.background;
        if (before.equals(command.background())) {
            return Reply.REPEATED;
        }
        draft.background = command.background();
        draft.release(BackgroundWatch::isOwn);
        draft.audit(
                command.actor(),
                "account.background",
                null,
                Map.of("before", describe(before), "after", describe(command.background())));
        return Reply.DONE;
    }

    /** Blocks or lets go, as mode, hour and what may still be used say: of the volume, and of a member's cap. */
    static void apply(Draft draft) {
        boolean blocks = switch (draft.background.mode()) {
            case ON -> false;
            case OFF -> true;
            case NIGHT -> isNight(local(draft.now, here(draft.place, draft.timeZone, draft.now)));
            case LOW -> Math.min(draft.remainingBytes(), MemberWatch.leftBytes(draft)) < draft.background.belowBytes();
        };
        boolean held = draft.restrictions().stream().anyMatch(BackgroundWatch::isOwn);
        if (held == blocks) {
            return;
        }
        if (!blocks) {
            draft.release(BackgroundWatch::isOwn);
            return;
        }
        Until until = draft.background.mode() == Background.Mode.NIGHT
                ? new Until.At(morning(draft.now, here(draft.place, draft.timeZone, draft.now)))
                : new Until.Lifted();
        List<String> categories = draft.background.categories();
        if (categories.isEmpty()) {
            draft.restrict(blocked(ID, null, draft.now, until));
        }
        for (String category : categories) {
            draft.restrict(blocked(ID + "." + category, category, draft.now, until));
        }
    }

    /** Whether the switch blocks a category at the moment. */
    static boolean blocks(Draft draft, String category) {
        return draft.restrictions().stream()
                .filter(each -> isOwn(each) && each.holdsAt(draft.now))
                .anyMatch(each -> each.category() == null || each.category().equals(category));
    }

    /** Whether the switch keeps a restriction. */
    static boolean isOwn(Restriction restriction) {
        return restriction.reasonCode().equals(ID);
    }

    private static Restriction blocked(String id, @Nullable String category, Instant from, Until until) {
        return new Restriction(
                id, RestrictionClass.USER_CAP, ID, Level.BACKGROUND_BLOCKED, null, null, null, category, from, until);
    }

    /** People sleep by the clock of the country that they are in. */
    private static ZoneId here(@Nullable Place place, ZoneId account, Instant at) {
        return place == null ? account : VisitedTime.zone(place.country(), account, at);
    }

    /** When the sleep guard begins next, seen from the hour in which the account was last looked at. */
    static @Nullable Instant nextNight(AccountState state) {
        Counter hour = state.hour();
        if (hour.start().equals(Instant.MIN)) {
            return null;
        }
        ZonedDateTime seen = local(hour.start(), here(state.place(), state.timeZone(), hour.start()));
        ZonedDateTime evening = seen.truncatedTo(ChronoUnit.DAYS).withHour(Background.NIGHT_FROM);
        return (evening.isBefore(seen) ? evening.plusDays(1) : evening).toInstant();
    }

    private static Instant morning(Instant now, ZoneId zone) {
        ZonedDateTime local = local(now, zone);
        ZonedDateTime morning = local.truncatedTo(ChronoUnit.DAYS).withHour(Background.NIGHT_TO);
        return (local.isBefore(morning) ? morning : morning.plusDays(1)).toInstant();
    }

    private static boolean isNight(ZonedDateTime local) {
        return local.getHour() >= Background.NIGHT_FROM || local.getHour() < Background.NIGHT_TO;
    }

    private static ZonedDateTime local(Instant at, ZoneId zone) {
        return at.atZone(zone);
    }

    private static String describe(Background background) {
        String mode = background.mode() == Background.Mode.LOW
                ? "low: " + background.belowBytes() + " bytes"
                : background.mode().word();
        return background.categories().isEmpty() ? mode : mode + " of " + String.join(",", background.categories());
    }
}
