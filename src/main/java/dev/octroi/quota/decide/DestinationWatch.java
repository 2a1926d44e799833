package dev.octroi.quota.decide;

import static java.util.Objects.requireNonNull;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.Response;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Looks whether a record went to a destination that is known to be bad. */
final class DestinationWatch {
    /** What is later says nothing of today. */
    private static final Duration LATEST = Duration.ofDays(1);

    /** The restriction for it. */
    static final String ID = DrainHold.PREFIX + "destination";

    private final Supplier<BlockList> blockList;

    DestinationWatch(Supplier<BlockList> blockList) {
        this.blockList = requireNonNull(blockList, "blockList is null");
    }

    /**
     * A known-bad destination is told once a day, and slowed for as long as it is reached, where the plan slows drains and no
     * person has let go within a day. A record that is more than a day late slows nothing.
     */
    void check(Draft draft, UsageRecord record) {
        String destination = record.destinationClass();
        if (destination == null || !blockList.get().blocks(destination)) {
            return;
        }
        Response response = draft.drain().response();
        long at = record.eventEnd().getEpochSecond();
        boolean isNew = response.sawBadDestination(at);
        boolean slows = draft.terms.drainPolicy().compareTo(DrainPolicy.THROTTLE) >= 0
                && record.eventEnd().plus(LATEST).isAfter(draft.now)
                && !response.isBadDestinationLifted(at);
        if (slows && (isNew || !draft.holds(ID))) {
            draft.restrict(DrainWatch.hold(draft, ID, "destination", Level.THROTTLED, PlanTerms.DRAIN_SPEED, null));
        }
        if (!isNew) {
            return;
        }
        Map<String, Object> data = Map.of(
                "destinationClass",
                destination,
                "listVersion",
                blockList.get().version(),
                "action",
                slows ? "throttle" : "notify");
        draft.raise("anomaly.bad_destination", data);
        draft.audit(Actor.system("drain"), "drain.bad_destination", null, data);
    }

    /** A person called the use meant: where data is slow for it, it is let go. */
    static void lift(Draft draft) {
        if (draft.holds(ID)) {
            lifted(draft);
        }
    }

    /** A person let go. */
    static void lifted(Draft draft) {
        draft.drain().response().liftBadDestination(draft.now.getEpochSecond());
    }
}
