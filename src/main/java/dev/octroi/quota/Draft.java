package dev.octroi.quota;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.DrainState;
import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Until;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The account while commands are being decided: the next state in the making, and the effects so far. */
final class Draft {
    final AccountKey key;
    final PlanTerms terms;
    final Instant now;
    final List<Effect> effects = new ArrayList<>();

    ZoneId timeZone;

    @Nullable
    Instant startsAt;

    @Nullable
    Instant endsAt;

    boolean ended;

    @Nullable
    Instant renewedAt;

    List<Bucket> buckets;
    long usedBytes;
    long beyondBytes;
    long warnedTotalBytes;
    Counter hour;
    Counter day;
    Counter week;
    final Map<Rule.Owner, RuleSet> rules = new TreeMap<>();
    final Map<String, RuleCount> ruleCounts;

    @Nullable
    Place place;

    final Map<String, SessionMark> sessions;

    @Nullable
    Instant lastEventAt;

    @Nullable
    Instant lastReceivedAt;

    Background background;

    @Nullable
    Device device;

    final Map<Long, ChargingSession> charging = new TreeMap<>();
    Charges charges;

    private final AccountState before;
    private final Map<String, Restriction> restrictions = new LinkedHashMap<>();
    private boolean restrictionsChanged;
    private Policy policy;
    private @Nullable DrainState drain;

    Draft(AccountState before, Instant now) {
        this.before = before;
        this.now = now;
        this.key = before.key();
        this.terms = before.terms();
        this.timeZone = before.timeZone();
        this.startsAt = before.startsAt();
        this.endsAt = before.endsAt();
        this.ended = before.ended();
        this.renewedAt = before.renewedAt();
        this.buckets = before.buckets();
        this.usedBytes = before.usedBytes();
        this.beyondBytes = before.beyondBytes();
        this.warnedTotalBytes = before.warnedTotalBytes();
        this.hour = before.hour();
        this.day = before.day();
        this.week = before.week();
        this.ruleCounts = new HashMap<>(before.ruleCounts());
        this.place = before.place();
        this.sessions = new HashMap<>(before.sessions());
        this.lastEventAt = before.lastEventAt();
        this.lastReceivedAt = before.lastReceivedAt();
        this.background = before.background();
        this.device = before.device();
        this.charges = before.charges();
        this.policy = before.policy();
        for (ChargingSession each : before.charging()) {
            charging.put(each.number(), each);
        }
        for (RuleSet set : before.rules()) {
            rules.put(set.owner(), set);
        }
        for (Restriction each : before.restrictions()) {
            restrictions.put(each.id(), each);
        }
    }

    /** The zone whose midnights end days and weeks. */
    ZoneId dayZone() {
        return terms.dayZone().of(timeZone);
    }

    /** Size of the volumes that may be spent where the traveller is. */
    long totalBytes() {
        long total = 0;
        for (Bucket bucket : buckets) {
            total += bucket.isFor(charges.zone()) ? bucket.quotaBytes() : 0;
        }
        return total;
    }

    /** Taken from the volumes at hand; what was taken in windows that are over does not count. */
    long takenBytes() {
        long taken = 0;
        for (Bucket bucket : buckets) {
            taken += bucket.isFor(charges.zone()) ? bucket.usedBytes() : 0;
        }
        return taken;
    }

    long remainingBytes() {
        return totalBytes() - takenBytes();
    }

    /** What holds since the last {@link #settle}. */
    Policy policy() {
        return policy;
    }

    Instant openedAt() {
        return before.openedAt();
    }

    Collection<Restriction> restrictions() {
        return restrictions.values();
    }

    boolean holds(String restrictionId) {
        return restrictions.containsKey(restrictionId);
    }

    /** Whether it holds with this end; a date moves when the traveller's time zone does. */
    boolean holds(String restrictionId, Until until) {
        Restriction held = restrictions.get(restrictionId);
        return held != null && held.until().equals(until);
    }

    void restrict(Restriction restriction) {
        if (!restriction.equals(restrictions.put(restriction.id(), restriction))) {
            restrictionsChanged = true;
            effects.add(new Effect.RestrictionMoved(
                    restriction.id(), restriction, ruleVersion(restriction.ruleId()), known(restriction), now));
        }
    }

    /** What would end at a moment ends at a later one, as far as it matches. */
    void postpone(Instant before, Instant after, Predicate<Restriction> which) {
        for (Restriction each : List.copyOf(restrictions.values())) {
            if (before.equals(each.until().moment()) && which.test(each)) {
                Until until = each.until() instanceof Until.TopUp ? new Until.TopUp(after) : new Until.At(after);
                restrict(each.until(until));
            }
        }
    }

    /** Removes the restrictions that match; returns how many there were. */
    int release(Predicate<Restriction> which) {
        List<String> gone = restrictions.values().stream()
                .filter(which)
                .map(Restriction::id)
                .toList();
        for (String id : gone) {
            restrictions.remove(id);
            effects.add(new Effect.RestrictionMoved(id, null, 0, Map.of(), now));
        }
        restrictionsChanged |= !gone.isEmpty();
        return gone.size();
    }

    void raise(String type, Map<String, Object> data) {
        effects.add(new Effect.EventRaised(type, data, now));
    }

    void audit(Actor actor, String action, @Nullable String reason, Map<String, Object> details) {
        effects.add(new Effect.AuditRow(actor, action, reason, details, now));
    }

    /** A drain state of this draft's own, which the detector may change. */
    DrainState drain() {
        DrainState own = drain;
        if (own == null) {
            own = before.drain().open();
            drain = own;
        }
        return own;
    }

    /** Derives the policy anew when a cause came or went; a change is a decision with its number. */
    void settle(Actor actor) {
        if (!restrictionsChanged) {
            return;
        }
        restrictionsChanged = false;
        Policy derived = PolicyEngine.derive(restrictions.values(), now);
        if (derived.sameAs(policy)) {
            return;
        }
        Policy after = derived.withVersion(policy.version() + 1);
        effects.add(new Effect.PolicyDecided(policy, after, inputs(), now));
        raise("policy.decided", Decisions.eventData(policy, after));
        audit(actor, "policy.decided", null, Decisions.auditDetails(policy, after));
        policy = after;
    }

    AccountState toState() {
        DrainState own = drain;
        return new AccountState(
                key,
                before.subscriptionId(),
                before.version(),
                terms,
                timeZone,
                before.openedAt(),
                startsAt,
                endsAt,
                ended,
                renewedAt,
                List.copyOf(buckets),
                usedBytes,
                beyondBytes,
                warnedTotalBytes,
                hour,
                day,
                week,
                List.copyOf(rules.values()),
                Map.copyOf(ruleCounts),
                List.copyOf(restrictions.values()),
                policy,
                place,
                own == null ? before.drain() : before.drain().next(own),
                Map.copyOf(sessions),
                lastEventAt,
                lastReceivedAt,
                background,
                device,
                List.copyOf(charging.values()),
                charges,
                before.hours());
    }

    private long ruleVersion(@Nullable String ruleKey) {
        return ruleKey == null
                ? 0
                : rules.values().stream()
                        .filter(set -> ruleKey.startsWith(set.owner().word() + ":"))
                        .mapToLong(RuleSet::version)
                        .findFirst()
                        .orElse(0);
    }

    private Map<String, Object> known(Restriction restriction) {
        Map<String, Object> known = figures();
        RuleCount count = restriction.ruleId() == null ? null : ruleCounts.get(restriction.ruleId());
        if (count != null && count.amount() > 0) {
            known.put("counted", count.amount());
        }
        return known;
    }

    private Map<String, Object> inputs() {
        Map<String, Object> inputs = figures();
        inputs.put("restrictions", List.copyOf(restrictions.keySet()));
        return inputs;
    }

    private Map<String, Object> figures() {
        Map<String, Object> inputs = new HashMap<>();
        inputs.put("usedBytes", usedBytes);
        inputs.put("beyondBytes", beyondBytes);
        inputs.put("remainingBytes", remainingBytes());
        inputs.put("todayBytes", day.bytes());
        Place at = place;
        if (at != null) {
            inputs.put("country", at.country());
        }
        return inputs;
    }
}
