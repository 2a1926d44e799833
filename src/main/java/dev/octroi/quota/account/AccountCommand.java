package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can change an account. Submitted to {@code Accounts}, decided by {@code Decider}. */
public sealed interface AccountCommand
        permits AccountCommand.CountUsage,
                AccountCommand.ReportLocation,
                AccountCommand.TopUp,
                AccountCommand.Credit,
                AccountCommand.AgreeOverage,
                AccountCommand.DeclineOverage,
                AccountCommand.PutRules,
                AccountCommand.Pause,
                AccountCommand.Resume,
                AccountCommand.EndPause,
                AccountCommand.Suspend,
                AccountCommand.Lift,
                AccountCommand.LiftIncident,
                AccountCommand.StartPeriod,
                AccountCommand.Tick,
                AccountCommand.AlarmFeedback,
                AccountCommand.DrainRemoved,
                AccountCommand.SetTimeZone,
                AccountCommand.SetBackground,
                AccountCommand.SetMemberCap,
                AccountCommand.JoinShared,
                AccountCommand.LeaveShared,
                AccountCommand.PartOfChange,
                ChargeCommand {
    /** Who wants it. */
    Actor actor();

    /**
     * Counts a usage record, once for its source and key.
     *
     * @param record the record
     */
    record CountUsage(UsageRecord record, Actor actor) implements AccountCommand {
        public CountUsage {
            requireNonNull(record, "record is null");
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * Says where the device is.
     *
     * @param plmn visited network {@code MCC-MNC}
     * @param country ISO 3166-1 alpha-2 code of it, or {@code ZZ}
     * @param tac tracking area code in hexadecimal, when known
     * @param cell cell in hexadecimal, when known
     * @param deviceHash keyed hash of the device's equipment identity, hexadecimal, when known
     * @param at when the network saw it; an older report than the last one is ignored
     */
    record ReportLocation(
            String plmn,
            String country,
            @Nullable String tac,
            @Nullable String cell,
            @Nullable String deviceHash,
            Instant at,
            Actor actor)
            implements AccountCommand {
        public ReportLocation {
            requireNonNull(plmn, "plmn is null");
            requireNonNull(country, "country is null");
            requireNonNull(at, "at is null");
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * Adds what was bought.
     *
     * @param grant what, known by its reference
     */
    record TopUp(Grant grant, Actor actor) implements AccountCommand {
        public TopUp {
            requireNonNull(grant, "grant is null");
            requireNonNull(actor, "actor is null");
        }

        /** Volume that lasts as long as the plan. */
        public TopUp(long bytes, String reference, String reason, Actor actor) {
            this(Grant.volume(bytes, reference, reason), actor);
        }
    }

    /**
     * Adds something as a courtesy, with a reason; otherwise as {@link TopUp}.
     *
     * @param grant what, known by its reference, such as a case
     */
    record Credit(Grant grant, Actor actor) implements AccountCommand {
        public Credit {
            requireNonNull(grant, "grant is null");
            requireNonNull(actor, "actor is null");
        }

        /** Volume that lasts as long as the plan. */
        public Credit(long bytes, String reference, String reason, Actor actor) {
            this(Grant.volume(bytes, reference, reason), actor);
        }
    }

    /**
     * The traveller agrees to be charged for use beyond the volume, or to another monthly limit.
     *
     * @param limitMinor most that is charged in a calendar month, minor units of the plan's currency, 1 to 1,000,000,000; 0:
     *     the plan's own limit
     * @param textVersion which words were agreed to, 1 to 80 characters
     */
    record AgreeOverage(long limitMinor, String textVersion, Actor actor) implements AccountCommand {
        public AgreeOverage {
            requireNonNull(actor, "actor is null");
            if (limitMinor < 0 || limitMinor > 1_000_000_000) {
                throw new IllegalArgumentException("a limit is 1 to 1,000,000,000 minor units");
            }
            Words.between(textVersion, 80, "a text version");
        }
    }

    /** The traveller does not want to be charged any more. */
    record DeclineOverage(Actor actor) implements AccountCommand {
        public DeclineOverage {
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * Replaces all rules of one owner.
     *
     * @param owner whose rules
     * @param rules the new ones, at most {@link Rule#MAX_PER_OWNER}
     * @param expectedVersion the version of the {@link dev.octroi.policy.RuleSet} they are based on; another one is
     *     refused with {@link Refusal#STALE_VERSION}; null: whatever it is (for a traveller's page without scripts)
     * @param reason why, for the audit; null where nobody has to say
     */
    record PutRules(
            Rule.Owner owner,
            List<Rule> rules,
            @Nullable Long expectedVersion,
            Actor actor,
            @Nullable String reason) implements AccountCommand {
        /** Without a reason. */
        public PutRules(Rule.Owner owner, List<Rule> rules, @Nullable Long expectedVersion, Actor actor) {
            this(owner, rules, expectedVersion, actor, null);
        }

        public PutRules {
            requireNonNull(owner, "owner is null");
            requireNonNull(actor, "actor is null");
            rules = List.copyOf(rules);
        }
    }

    /**
     * The traveller pauses data.
     *
     * @param reason words for the audit log, 1 to 200 characters; null without
     */
    record Pause(@Nullable String reason, Actor actor) implements AccountCommand {
        public Pause {
            if (reason != null) {
                Words.reason(reason);
            }
            requireNonNull(actor, "actor is null");
        }

        /** The same without a word why. */
        public Pause(Actor actor) {
            this(null, actor);
        }
    }

    /**
     * The traveller resumes data: ends the pause and the traveller's own limits, no one else's restriction.
     *
     * @param reason words for the audit log, 1 to 200 characters; null without
     */
    record Resume(@Nullable String reason, Actor actor) implements AccountCommand {
        public Resume {
            if (reason != null) {
                Words.reason(reason);
            }
            requireNonNull(actor, "actor is null");
        }

        /** The same without a word why. */
        public Resume(Actor actor) {
            this(null, actor);
        }
    }

    /**
     * A pause ends and nothing else: no limit and no question of anybody.
     *
     * @param reason words for the audit log, 1 to 200 characters; null without
     */
    record EndPause(@Nullable String reason, Actor actor) implements AccountCommand {
        public EndPause {
            if (reason != null) {
                Words.reason(reason);
            }
            requireNonNull(actor, "actor is null");
        }

        /** The same without a word why. */
        public EndPause(Actor actor) {
            this(null, actor);
        }
    }

    /**
     * Somebody with authority suspends.
     *
     * @param restrictionClass {@link RestrictionClass#LEGAL}, {@link RestrictionClass#ADMINISTRATIVE} or
     *     {@link RestrictionClass#DRAIN}
     * @param everything true: nothing passes; false: data only
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record Suspend(RestrictionClass restrictionClass, boolean everything, String reason, Actor actor)
            implements AccountCommand {
        public Suspend {
            requireNonNull(restrictionClass, "restrictionClass is null");
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
        }

        /** The id of what it places: a reseller's stands beside the operator's, so that neither ends the other's. */
        public String restrictionId() {
            return idOf(restrictionClass, actor.kind());
        }

        /** The one suspension of a class that an account may have by those who act so. */
        public static String idOf(RestrictionClass restrictionClass, Actor.Kind by) {
            return "held:" + restrictionClass.word() + (by == Actor.Kind.RESELLER ? ":reseller" : "");
        }
    }

    /**
     * Somebody with authority lifts restrictions: one by its id, or all of a class. Of these a reseller lifts what the reseller
     * or a rule of the reseller's placed, and leaves the rest.
     *
     * @param restrictionId the restriction, or null
     * @param restrictionClass the class, when no restriction is named
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record Lift(@Nullable String restrictionId, @Nullable RestrictionClass restrictionClass, String reason, Actor actor)
            implements AccountCommand {
        public Lift {
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
            if (restrictionId == null == (restrictionClass == null)) {
                throw new IllegalArgumentException("lift either one restriction or one class");
            }
        }
    }

    /**
     * Something happened that may begin the plan's period; ignored when it has begun or the plan waits for something
     * else.
     *
     * @param cause what happened
     * @param at when
     */
    record StartPeriod(Cause cause, Instant at, Actor actor) implements AccountCommand {
        public StartPeriod {
            requireNonNull(cause, "cause is null");
            requireNonNull(at, "at is null");
            requireNonNull(actor, "actor is null");
        }

        /** What may begin a period. */
        public enum Cause {
            ORDER,
            INSTALL,
            FIRST_USE
        }
    }

    /**
     * The case of a drain alarm is settled: whatever of the class {@link RestrictionClass#DRAIN} holds ends, except what holds for
     * another alarm, and what a rule on unusual use holds.
     *
     * @param incident the alarm's number, from 1
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record LiftIncident(int incident, String reason, Actor actor) implements AccountCommand {
        public LiftIncident {
            if (incident < 1) {
                throw new IllegalArgumentException("incidents count from 1");
            }
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
        }
    }

    /** Time has passed: windows end, restrictions expire, periods begin and end. */
    record Tick(Actor actor) implements AccountCommand {
        public Tick {
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * The traveller's or support's answer to a drain alarm. Only of the last incident anything is learned; the answer to one
     * before is noted, and what still holds for that one ends.
     *
     * @param incident the alarm's number, from 1
     * @param meant true: "this was me", the drain restriction ends; false: it was a drain
     */
    record AlarmFeedback(int incident, boolean meant, Actor actor) implements AccountCommand {
        public AlarmFeedback {
            if (incident < 1) {
                throw new IllegalArgumentException("incidents count from 1");
            }
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * The traveller, who said that it was a drain, has removed what drained: data is on again, once for each alarm. It is held anew
     * when the drain grows, or goes on a day later.
     *
     * @param incident the alarm's number, from 1
     */
    record DrainRemoved(int incident, Actor actor) implements AccountCommand {
        public DrainRemoved {
            if (incident < 1) {
                throw new IllegalArgumentException("incidents count from 1");
            }
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * The traveller's time zone changes: days end at another midnight once the running one is over, see {@code TimeZoneWatch}.
     *
     * @param zone the new zone
     */
    record SetTimeZone(ZoneId zone, Actor actor) implements AccountCommand {
        public SetTimeZone {
            requireNonNull(zone, "zone is null");
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * The traveller's switch for background traffic.
     *
     * @param background what is wished
     */
    record SetBackground(Background background, Actor actor) implements AccountCommand {
        public SetBackground {
            requireNonNull(background, "background is null");
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * The most that a member of a shared account may use in a window.
     *
     * @param cap the cap; null: none any more
     * @param reason words kept with the decision, 1 to 200 characters; null: whoever set it gave none
     */
    record SetMemberCap(@Nullable MemberCap cap, @Nullable String reason, Actor actor) implements AccountCommand {
        public SetMemberCap {
            requireNonNull(actor, "actor is null");
            if (reason != null) {
                Words.reason(reason);
            }
        }

        /** A cap without a reason. */
        public SetMemberCap(@Nullable MemberCap cap, Actor actor) {
            this(cap, null, actor);
        }
    }

    /**
     * A subscription whose own volume is over goes on with another one's of the same plan.
     *
     * @param owner whose volume, of the same tenant
     */
    record JoinShared(AccountKey owner, Actor actor) implements AccountCommand {
        public JoinShared {
            requireNonNull(owner, "owner is null");
            requireNonNull(actor, "actor is null");
        }
    }

    /**
     * A member leaves the shared account; what it used stays used, what it brought and nobody used goes with it.
     *
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record LeaveShared(String reason, Actor actor) implements AccountCommand {
        public LeaveShared {
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
        }
    }

    /** A change over many subscriptions reaches the account. Done once, whoever submits it again. */
    sealed interface PartOfChange extends AccountCommand {
        /** Which change, of the account's tenant. */
        long changeId();

        /** Why, in the words of the change. */
        String reason();

        /** In which state the change must be. */
        String changeState();

        /** In which state the change must be with this account. */
        ItemState itemState();

        /** The change as people know it. */
        default String changeName() {
            return PublicId.CHANGE.format(changeId());
        }
    }

    /**
     * Applies a change that is being rolled out.
     *
     * @param act what
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record ApplyChange(long changeId, ChangeAct act, String reason, Actor actor) implements PartOfChange {
        public ApplyChange {
            requireNonNull(act, "act is null");
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
        }

        @Override
        public String changeState() {
            return "running";
        }

        @Override
        public ItemState itemState() {
            return ItemState.PENDING;
        }
    }

    /**
     * Restores what a change that is being undone found, as far as nobody changed it since.
     *
     * @param act what was done
     * @param trace what was there before
     * @param proposer as what the change was applied: whose suspension is meant, whoever undoes it
     * @param reason words kept with the decision, 1 to 200 characters
     */
    record UndoChange(long changeId, ChangeAct act, ChangeTrace trace, Actor.Kind proposer, String reason, Actor actor)
            implements PartOfChange {
        public UndoChange {
            requireNonNull(act, "act is null");
            requireNonNull(trace, "trace is null");
            requireNonNull(proposer, "proposer is null");
            requireNonNull(actor, "actor is null");
            Words.reason(reason);
        }

        @Override
        public String changeState() {
            return "undoing";
        }

        @Override
        public ItemState itemState() {
            return ItemState.APPLIED;
        }
    }
}
