package dev.octroi.quota.decide;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.DrainState;
import dev.octroi.drain.Population;
import dev.octroi.drain.Verdict;
import dev.octroi.drain.VisitedTime;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shows each record to the drain detector and acts on its alarms, as far as the plan allows. */
final class DrainWatch {
    private final DrainDetector detector;
    private final Function<Instant, Population> populations;
    private final DestinationWatch destinations;

    DrainWatch(DrainDetector detector, Function<Instant, Population> populations, Supplier<BlockList> blockList) {
        this.detector = detector;
        this.populations = populations;
        this.destinations = new DestinationWatch(blockList);
    }

    /** @param ofSession whether it is a report within a session, which comes by the network's clock */
    void observe(Draft draft, UsageRecord record, long upBytes, long downBytes, boolean ofSession) {
        DrainObservation observation = new DrainObservation(
                record.eventEnd().getEpochSecond(),
                upBytes,
                downBytes,
                record.category(),
                record.country(),
                VisitedTime.offsetMinutes(record.country(), draft.timeZone, record.eventEnd()),
                ofSession);
        DrainState drain = draft.drain();
        Verdict verdict = detector.observe(drain, populations.apply(record.receivedAt()), observation);
        destinations.check(draft, record, observation);
        if (drain.isRemovedLongAgo() || (drain.isRemoved() && verdict instanceof Verdict.Alarm)) {
            // It goes on, or grows: the hold returns.
            drain.response().unlift(drain.incident());
        }
        if (verdict instanceof Verdict.Alarm alarm) {
            act(draft, alarm, record.eventEnd());
        } else if (verdict.score() >= Verdict.ACT && DrainHolds.isTimely(draft, record.eventEnd())) {
            holdOn(draft, observation, verdict.score(), record.eventEnd());
        }
    }

    /** An open incident that has not grown: what was held for it may have run out, or may be too little by now. */
    private void holdOn(Draft draft, DrainObservation observation, double score, Instant at) {
        DrainState drain = draft.drain();
        if (isHeldAgain(draft, drain, score)) {
            act(draft, detector.describe(drain, observation, score), at);
        } else if (mayBeHeldMore(draft, drain, score)) {
            holdMore(draft, detector.describe(drain, observation, score), at);
        }
    }

    Reply feedback(Draft draft, AccountCommand.AlarmFeedback command) {
        if (DrainHold.isOfDestination(command.incident())) {
            return DestinationWatch.feedback(draft, command);
        }
        DrainState drain = draft.drain();
        if (command.incident() > drain.incident()) {
            return new Reply.Refused(Refusal.NOTHING_HELD, "There is no such alarm.");
        }
        boolean past = command.incident() < drain.incident();
        if (!past && drain.isAnswered(command.meant())) {
            return Reply.REPEATED;
        }
        if (past && command.meant()) {
            draft.release(each -> DrainHold.isOf(each.id(), command.incident()));
        }
        if (!past) {
            learn(draft, drain, command);
        }
        return answered(draft, command);
    }

    /** An answer is kept with its alarm, told and audited. */
    static Reply answered(Draft draft, AccountCommand.AlarmFeedback command) {
        draft.effects.add(new Effect.AlarmAnswered(command.incident(), command.meant(), command.actor(), draft.now));
        Map<String, Object> data = Map.of("incident", command.incident(), "meant", command.meant());
        draft.raise("anomaly.explained", data);
        draft.audit(command.actor(), "drain.feedback", null, data);
        return Reply.DONE;
    }

    private void learn(Draft draft, DrainState drain, AccountCommand.AlarmFeedback command) {
        boolean meant = command.meant();
        boolean wasMeant = drain.isAnswered(true);
        detector.feedback(drain, populations.apply(draft.now), meant);
        if (meant) {
            draft.release(each -> (isOfRule(draft, each) && Lifting.isMeant(command.actor(), each))
                    || (each.id().startsWith(DrainHold.PREFIX) && !each.id().equals(DrainHold.DESTINATION)));
            drain.letGo();
        } else if (wasMeant) {
            drain.response().unlift(drain.incident());
        }
    }

    /**
     * Whether a rule on unusual use holds it: it ends with what it was for. What stops all is an office's to end.
     */
    static boolean isOfRule(Draft draft, Restriction restriction) {
        return restriction.restrictionClass() != RestrictionClass.ADMINISTRATIVE
                && RuleWatch.isOfOccasion(draft, restriction, Condition.Occasion.ALARM);
    }

    /** Whether an incident is the last one of its sort: what rules hold is not known to be of an earlier one. */
    static boolean isLast(Draft draft, int incident) {
        return DrainHold.isOfDestination(incident)
                ? incident == DestinationWatch.incident(draft)
                : incident == draft.drain().incident();
    }

    /** Whether a restriction holds for an incident, and for another one. */
    static boolean isOfAnother(Restriction restriction, int incident) {
        return restriction.id().startsWith(DrainHold.PREFIX) && !DrainHold.isOf(restriction.id(), incident);
    }

    /** A person lifted restrictions: what the detector held is not held again for the same incident. */
    static void lifted(Draft draft, List<String> restrictionIds) {
        DrainState drain = draft.drain();
        if (restrictionIds.stream().anyMatch(id -> DrainHold.isOf(id, drain.incident()))) {
            drain.letGo();
        }
        if (restrictionIds.contains(DrainHold.DESTINATION)) {
            DestinationWatch.lifted(draft);
        }
    }

    /** A person settled an incident: it is not held again, also where its hold has run out already. */
    static void settled(Draft draft, int incident) {
        if (DrainHold.isOfDestination(incident)) {
            DestinationWatch.settled(draft, incident);
            return;
        }
        DrainState drain = draft.drain();
        if (incident == drain.incident()) {
            drain.letGo();
        }
    }

    /** The hold of this incident has run out, nobody lifted it, and it still drains as strongly as the plan restricts. */
    private static boolean isHeldAgain(Draft draft, DrainState drain, double score) {
        int incident = drain.incident();
        return DrainGrade.restricts(draft.terms.drainPolicy(), terms(draft), score)
                && drain.response().held() == incident
                && !drain.response().isLifted(incident)
                && DrainHolds.of(draft, incident).isEmpty();
    }

    /**
     * Whether the open incident might be held more strictly than it is, though it is told no more: its score may have crept up to a
     * grade of the plan's, and a second signal may have come after the alarm.
     */
    private static boolean mayBeHeldMore(Draft draft, DrainState drain, double score) {
        int incident = drain.incident();
        if (drain.response().isLifted(incident)) {
            return false;
        }
        DrainPolicy most = DrainGrade.of(draft.terms.drainPolicy(), terms(draft), score, true);
        return most == DrainPolicy.SUSPEND_CATEGORY || DrainHolds.isStricter(draft, incident, most);
    }

    /** A second category is blocked where it puts the bundle at stake: each record of any would be one more otherwise. */
    private void holdMore(Draft draft, Verdict.Alarm alarm, Instant at) {
        List<Signal> signals = Signal.of(draft, alarm, at.getEpochSecond());
        DrainPolicy step = step(draft, alarm, !signals.isEmpty(), at);
        boolean holdsMore = signals.contains(Signal.QUOTA)
                ? DrainHolds.addsTo(draft, alarm, step)
                : DrainHolds.isStricter(draft, alarm.incidentId(), step);
        if (holdsMore) {
            act(draft, alarm, at);
        }
    }

    /** @param at when what drained was used */
    private void act(Draft draft, Verdict.Alarm alarm, Instant at) {
        List<Signal> signals = Signal.of(draft, alarm, at.getEpochSecond());
        DrainPolicy step = step(draft, alarm, !signals.isEmpty(), at);
        Map<String, Object> recent = recent(draft, alarm.incidentId(), signals);
        DrainHolds.place(draft, alarm, step, at);
        String action = step.name().toLowerCase(Locale.ROOT);
        Map<String, Object> data = new HashMap<>();
        data.put("kind", alarm.kind().word());
        data.put("incident", alarm.incidentId());
        data.put("category", alarm.category().word());
        data.put("observedBytes", alarm.observedBytes());
        data.put("expectedLowBytes", alarm.expectedBytes().lowBytes());
        data.put("expectedHighBytes", alarm.expectedBytes().highBytes());
        data.put("action", action);
        data.put("signals", signals.stream().map(Signal::word).toList());
        draft.raise(alarm.grown() ? "anomaly.grown" : "anomaly.opened", data);
        draft.effects.add(new Effect.AlarmRaised(alarm, action, recent, draft.now));
        if (!draft.drain().response().isLifted(alarm.incidentId())) {
            RuleWatch.happened(draft, Condition.Occasion.ALARM);
        }
    }

    /**
     * An incident that grows after it was lifted is told, not held again: someone has looked at it. So is one that a late feed tells of
     * when its hold would be over: that is asked.
     */
    private static DrainPolicy step(Draft draft, Verdict.Alarm alarm, boolean hasSignal, Instant at) {
        if (draft.drain().response().isLifted(alarm.incidentId())) {
            return DrainPolicy.NOTIFY;
        }
        DrainPolicy step = DrainGrade.of(draft.terms.drainPolicy(), terms(draft), alarm, at, hasSignal);
        return step.compareTo(DrainPolicy.ASK) > 0 && !DrainHolds.isTimely(draft, at) ? DrainPolicy.ASK : step;
    }

    /** Who says that it was a drain need not wait for the plan's score: a plan that slows does so from any alarm on then. */
    private static DrainTerms terms(Draft draft) {
        DrainTerms terms = draft.terms.drainTerms();
        return draft.drain().isAnswered(false)
                ? new DrainTerms(Verdict.ACT, terms.suspendFromScore(), terms.secondSignal(), terms.releaseAfterHours())
                : terms;
    }

    /**
     * What the evidence keeps: the account's use, the second signals, whether a hold of this incident had run out, and what was
     * measured, for a later fit.
     */
    private Map<String, Object> recent(Draft draft, int incident, List<Signal> signals) {
        boolean hadRunOut = draft.drain().response().held() == incident
                && DrainHolds.of(draft, incident).isEmpty();
        Map<String, Object> recent = new HashMap<>(use(draft));
        recent.put(Effect.AlarmRaised.HOLD_HAD_RUN_OUT, hadRunOut);
        recent.put(Effect.AlarmRaised.WENT_ON, draft.drain().isRemoved());
        recent.put("signals", signals.stream().map(Signal::word).toList());
        recent.put("weightsVersion", detector.version());
        recent.put("quantities", draft.drain().quantities());
        return recent;
    }

    /** The account's use as it is. */
    static Map<String, Object> use(Draft draft) {
        return Map.of(
                "hourBytes", draft.hour.bytes(),
                "todayBytes", draft.day.bytes(),
                "weekBytes", draft.week.bytes(),
                "usedBytes", draft.usedBytes,
                "remainingBytes", draft.remainingBytes());
    }
}
