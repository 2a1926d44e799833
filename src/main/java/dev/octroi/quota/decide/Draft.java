package dev.octroi.quota.decide;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.DrainState;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Device;
import dev.octroi.quota.account.DrainMemory;
import dev.octroi.quota.account.DrainScratch;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.ZoneChange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    /** How long what begins by itself holds before it ends by itself. */
    final Duration dwell;

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
    Share share;

    @Nullable
    ZoneChange zoneChange;

    /** What other members of a shared account have been promised of the same volume. */
    long fellowsPromisedBytes;
    /** The day zone of the plan, where it is another account's. */
    @Nullable
    ZoneId lenderZone;
    /** Where that one's plan began. */
    @Nullable
    ZoneId lenderBegunIn;

    private final AccountState before;
    private final Causes causes;
    private DrainMemory drainMemory;
    private @Nullable DrainState drain;

    Draft(AccountState before, Instant now) {
        this(before, now, Dwell.STANDARD);
    }

    Draft(AccountState before, Instant now, Duration dwell) {
        this.dwell = dwell;
        this.before = before;
        this.drainMemory = before.drain();
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
        this.share = before.share();
        this.zoneChange = before.zoneChange();
        this.causes = new Causes(before.policy(), before.restrictions());
        for (ChargingSession each : before.charging()) {
            charging.put(each.number(), each);
        }
        for (RuleSet set : before.rules()) {
            rules.put(set.owner(), set);
        }
    }

    /** The zone whose midnights end days and weeks. */
    ZoneId dayZone() {
        return terms.dayZone().of(timeZone);
    }

    /** The zone whose midnights the plan itself keeps: its period, its windows, its months. */
    ZoneId planZone() {
        ZoneId lender = lenderZone;
        return terms.dayZone().of(lender == null ? timeZone : lender);
    }

    /** The zone in which the plan began: its end, and what was sold with it, are of that one's calendar. */
    ZoneId begunIn() {
        ZoneId lender = lenderBegunIn;
        if (lender != null) {
            return lender;
        }
        ZoneId own = lenderZone == null && zoneChange != null ? zoneChange.begunIn() : null;
        return own == null ? planZone() : own;
    }

    /** Takes the zones of a plan that is another account's. */
    void borrowZones(Draft lender) {
        lenderZone = lender.timeZone;
        lenderBegunIn = lender.begunIn();
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

    /** What it used beyond the volume that it spends now; what a late member used before it joined is not among it. */
    long beyondVolumeBytes() {
        return beyondBytes - share.notSharedBytes();
    }

    /** What holds since the last {@link #settle}. */
    Policy policy() {
        return causes.policy();
    }

    /** The account as it was. */
    AccountState before() {
        return before;
    }

    Instant openedAt() {
        return before.openedAt();
    }

    Collection<Restriction> restrictions() {
        return causes.all();
    }

    boolean holds(String restrictionId) {
        return causes.holds(restrictionId);
    }

    /** Whether it holds with this end; a date moves when the traveller's time zone does. */
    boolean holds(String restrictionId, Until until) {
        Restriction held = causes.get(restrictionId);
        return held != null && held.until().equals(until);
    }

    void restrict(Restriction restriction) {
        if (causes.put(restriction)) {
            effects.add(new Effect.RestrictionMoved(
                    restriction.id(),
                    restriction,
                    DraftFigures.ruleVersion(this, restriction.ruleId()),
                    DraftFigures.known(this, restriction),
                    now));
        }
    }

    /** What would end at a moment ends at a later one, as far as it matches. */
    void postpone(Instant before, Instant after, Predicate<Restriction> which) {
        for (Restriction each : List.copyOf(causes.all())) {
            if (before.equals(each.until().moment()) && which.test(each)) {
                Until until = each.until() instanceof Until.TopUp ? new Until.TopUp(after) : new Until.At(after);
                restrict(each.until(until));
            }
        }
    }

    /** Removes the restrictions that match; returns how many there were. */
    int release(Predicate<Restriction> which) {
        List<String> gone = causes.remove(which);
        for (String id : gone) {
            effects.add(new Effect.RestrictionMoved(id, null, 0, Map.of(), now));
        }
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
            own = drainMemory.open();
            drain = own;
        }
        return own;
    }

    /** Derives the policy anew when a cause came or went; a change is a decision with its number. */
    void settle(Actor actor) {
        Policy held = causes.policy();
        Policy after = causes.settle(now);
        if (after.version() == held.version()) {
            return;
        }
        effects.add(new Effect.PolicyDecided(held, after, DraftFigures.inputs(this), now, actor.isClock()));
        raise("policy.decided", Decisions.eventData(held, after));
        audit(actor, "policy.decided", null, Decisions.auditDetails(held, after));
    }

    /** What is remembered of the state as it is; whoever wants to change it opens it again. */
    private DrainMemory closedDrain() {
        DrainState own = drain;
        if (own != null) {
            drainMemory = drainMemory.next(own);
            drain = null;
            DrainScratch.giveBack(own);
        }
        return drainMemory;
    }

    AccountState toState() {
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
                List.copyOf(causes.all()),
                causes.policy(),
                place,
                closedDrain(),
                Map.copyOf(sessions),
                lastEventAt,
                lastReceivedAt,
                background,
                device,
                List.copyOf(charging.values()),
                charges,
                before.hours(),
                share,
                zoneChange);
    }
}
