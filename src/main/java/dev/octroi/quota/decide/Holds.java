package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pauses, suspensions and their lifting. */
final class Holds {
    static final String PAUSE = "user.paused";

    static final String HELD = "held:";

    private Holds() {}

    static Reply pause(Draft draft, AccountCommand.Pause command) {
        if (draft.holds(PAUSE)) {
            return Reply.REPEATED;
        }
        draft.restrict(new Restriction(
                PAUSE,
                RestrictionClass.USER_CAP,
                PAUSE,
                Level.SUSPENDED_DATA,
                null,
                null,
                null,
                null,
                draft.now,
                new Until.Lifted()));
        draft.audit(command.actor(), "account.pause", command.reason(), Map.of());
        return Reply.DONE;
    }

    /**
     * Takes back a pause. Where nobody paused it is "go on" over what the traveller's own limits hold, or to a question; what
     * a pause hid is asked for apart.
     */
    static Reply resume(Draft draft, AccountCommand.Resume command) {
        return draft.holds(PAUSE)
                ? endPause(draft, command.actor(), command.reason())
                : resume(draft, command.actor(), command.reason(), goOn(draft));
    }

    /** Takes back a pause, and nothing where nobody paused. */
    static Reply endPause(Draft draft, Actor actor, @Nullable String reason) {
        return resume(draft, actor, reason, each -> each.id().equals(PAUSE));
    }

    private static Reply resume(Draft draft, Actor actor, @Nullable String reason, Predicate<Restriction> which) {
        int released = draft.release(which);
        if (released == 0) {
            return new Reply.Refused(Refusal.NOTHING_HELD, "Nothing is paused by the traveller.");
        }
        draft.audit(actor, "account.resume", reason, Map.of("released", released));
        return Reply.DONE;
    }

    /** What stops data, with all that its rules do; where nothing of the traveller's stops data, what else holds it back. */
    private static Predicate<Restriction> goOn(Draft draft) {
        Set<String> rules = new HashSet<>();
        boolean stops = false;
        for (Restriction each : draft.restrictions()) {
            if (isForTheTraveller(each) && each.level().compareTo(Level.SUSPENDED_DATA) >= 0) {
                stops = true;
                if (each.ruleId() != null) {
                    rules.add(each.ruleId());
                }
            }
        }
        return stops
                ? each -> isForTheTraveller(each)
                        && (each.level().compareTo(Level.SUSPENDED_DATA) >= 0 || rules.contains(each.ruleId()))
                : Holds::isForTheTraveller;
    }

    /** Whether the traveller may go on; the background switch is a choice of its own and stays. */
    private static boolean isForTheTraveller(Restriction each) {
        return (each.restrictionClass() == RestrictionClass.USER_CAP || RuleActs.asks(each) || ZoneHolds.asks(each))
                && !BackgroundWatch.isOwn(each);
    }

    static Reply suspend(Draft draft, AccountCommand.Suspend command) {
        RestrictionClass kind = command.restrictionClass();
        if (kind.compareTo(RestrictionClass.DRAIN) > 0) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "Only legal, administrative and drain holds are placed.");
        }
        draft.restrict(new Restriction(
                command.restrictionId(),
                kind,
                kind.word() + ".held",
                level(draft, command),
                null,
                null,
                null,
                null,
                draft.now,
                new Until.Lifted()));
        draft.audit(
                command.actor(),
                "account.suspend",
                command.reason(),
                Map.of("class", kind.word(), "everything", command.everything()));
        return Reply.DONE;
    }

    /** A suspension never loosens what holds: that is lifted, with the right to lift. */
    private static Level level(Draft draft, AccountCommand.Suspend command) {
        String id = command.restrictionId();
        boolean wasEverything = draft.restrictions().stream()
                .anyMatch(each -> each.id().equals(id) && each.level() == Level.SUSPENDED_ALL);
        return wasEverything || command.everything() ? Level.SUSPENDED_ALL : Level.SUSPENDED_DATA;
    }

    /** Whether people suspended by law or office, the operator's or the reseller's. */
    static boolean isOfAnOffice(Restriction restriction) {
        return restriction.restrictionClass().compareTo(RestrictionClass.ADMINISTRATIVE) <= 0
                && restriction.id().startsWith(HELD);
    }

    static Reply lift(Draft draft, AccountCommand.Lift command) {
        String id = command.restrictionId();
        Predicate<Restriction> named = id != null
                ? each -> each.id().equals(id)
                : each -> each.restrictionClass() == command.restrictionClass();
        return lift(
                draft,
                named,
                command.actor(),
                command.reason(),
                id != null ? id : String.valueOf(command.restrictionClass()));
    }

    static Reply lift(Draft draft, AccountCommand.LiftIncident command) {
        Reply reply = lift(
                draft,
                each -> each.restrictionClass() == RestrictionClass.DRAIN
                        ? !DrainWatch.isOfAnother(each, command.incident())
                        : DrainWatch.isLast(draft, command.incident()) && DrainWatch.isOfRule(draft, each),
                command.actor(),
                command.reason(),
                DrainHold.id(command.incident()));
        boolean isForbidden = reply instanceof Reply.Refused refused && refused.code() != Refusal.NOTHING_HELD;
        if (!isForbidden) {
            DrainWatch.settled(draft, command.incident());
        }
        return reply;
    }

    private static Reply lift(Draft draft, Predicate<Restriction> named, Actor actor, String reason, String what) {
        Predicate<Restriction> meant = named.and(each -> Lifting.isMeant(actor, each));
        Predicate<Restriction> wanted = draft.restrictions().stream().anyMatch(meant) ? meant : named;
        for (Restriction each : draft.restrictions()) {
            if (wanted.test(each) && each.id().startsWith(SharedVolume.SHARED)) {
                return new Reply.Refused(
                        Refusal.NOT_ALLOWED, "It holds for the whole shared account and is lifted on its owner's.");
            }
            if (wanted.test(each) && !Lifting.isAllowed(actor, each)) {
                return new Reply.Refused(
                        Refusal.NOT_ALLOWED,
                        "A restriction of class " + each.restrictionClass().word() + " ends another way.");
            }
        }
        List<String> ids = draft.restrictions().stream()
                .filter(wanted)
                .map(Restriction::id)
                .toList();
        int released = draft.release(wanted);
        DrainWatch.lifted(draft, ids);
        if (released == 0) {
            return new Reply.Refused(Refusal.NOTHING_HELD, "There is no such restriction.");
        }
        draft.audit(actor, "account.lift", reason, Map.of("released", released, "what", what));
        return Reply.DONE;
    }
}
