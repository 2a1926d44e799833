package dev.octroi.quota.decide;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.Response;
import dev.octroi.drain.Verdict;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks whether a record went to a destination that is known to be bad, and hears what people say of it. */
final class DestinationWatch {
    /** What is later says nothing of today. */
    private static final Duration LATEST = Duration.ofDays(1);

    private final Supplier<BlockList> blockList;

    DestinationWatch(Supplier<BlockList> blockList) {
        this.blockList = requireNonNull(blockList, "blockList is null");
    }

    /**
     * A known-bad destination is told once a day, as an alarm of its own kind whatever the plan makes of drains, and slowed for as
     * long as it is reached, where the plan slows drains and no person has let go within a day. A record that is more than a day
     * late slows nothing.
     */
    void check(Draft draft, UsageRecord record, DrainObservation observation) {
        String destination = record.destinationClass();
        if (destination == null || !blockList.get().blocks(destination)) {
            return;
        }
        Response response = draft.drain().response();
        long at = record.eventEnd().getEpochSecond();
        boolean isNew = response.sawBadDestination(at);
        boolean isOfToday = record.eventEnd().plus(LATEST).isAfter(draft.now);
        boolean slows = isOfToday
                && DrainHolds.isTimely(draft, record.eventEnd())
                && draft.terms.drainPolicy().compareTo(DrainPolicy.THROTTLE) >= 0
                && !response.isBadDestinationLifted(at);
        boolean begins = slows && !draft.holds(DrainHold.DESTINATION);
        if (begins || (slows && isNew)) {
            draft.restrict(DrainHolds.hold(
                    draft,
                    DrainHold.DESTINATION,
                    "destination",
                    Level.THROTTLED,
                    PlanTerms.DRAIN_SPEED,
                    null,
                    record.eventEnd()));
        }
        int incident = incident(draft);
        String action = slows ? "throttle" : "notify";
        if (isNew || begins) {
            Map<String, Object> recent = new HashMap<>(DrainWatch.use(draft));
            recent.put(Effect.AlarmRaised.TOLD_AGAIN, isNew);
            draft.effects.add(new Effect.AlarmRaised(alarm(observation, incident), action, recent, draft.now));
        }
        if (!isNew) {
            return;
        }
        Map<String, Object> data = Map.of(
                "destinationClass",
                destination,
                "listVersion",
                blockList.get().version(),
                "incident",
                incident,
                "action",
                action);
        draft.raise("anomaly.bad_destination", data);
        draft.audit(Actor.system("drain"), "drain.bad_destination", null, data);
        if (isOfToday && !response.isBadDestinationLifted(at)) {
            RuleWatch.happened(draft, Condition.Occasion.ALARM);
        }
    }

    /** No score: the list knows. What is at stake is the transfer itself. */
    private static Verdict.Alarm alarm(DrainObservation observation, int incident) {
        return new Verdict.Alarm(
                DrainKind.DESTINATION,
                Verdict.ACT,
                observation.eventEndEpochSeconds(),
                new ByteRange(0, 0),
                observation.bytes(),
                observation.bytes(),
                observation.category(),
                observation.zone(),
                List.of(),
                1,
                incident,
                false);
    }

    /** Those seen with no long quiet between are one incident. */
    static int incident(Draft draft) {
        return DrainHold.destinationIncident(draft.drain().response().badDestinationSince());
    }

    /** A person knows of the use, or knows that it is none of theirs; of an earlier incident that is noted and changes nothing. */
    static Reply feedback(Draft draft, AccountCommand.AlarmFeedback command) {
        Response response = draft.drain().response();
        if (response.badDestinationSince() == 0 || command.incident() > incident(draft)) {
            return new Reply.Refused(Refusal.NOTHING_HELD, "There is no such alarm.");
        }
        if (command.incident() < incident(draft)) {
            return DrainWatch.answered(draft, command);
        }
        if (command.meant()) {
            int released = draft.release(each -> each.id().equals(DrainHold.DESTINATION)
                    || (DrainWatch.isOfRule(draft, each) && Lifting.isMeant(command.actor(), each)));
            if (released == 0 && response.isBadDestinationLifted(draft.now.getEpochSecond())) {
                return Reply.REPEATED;
            }
            lifted(draft);
        } else {
            response.unliftBadDestination();
        }
        return DrainWatch.answered(draft, command);
    }

    /** A person settled an incident. */
    static void settled(Draft draft, int incident) {
        if (incident == incident(draft)) {
            lifted(draft);
        }
    }

    /** A person let go. */
    static void lifted(Draft draft) {
        draft.drain().response().liftBadDestination(draft.now.getEpochSecond());
    }
}
