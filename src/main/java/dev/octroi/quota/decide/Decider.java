package dev.octroi.quota.decide;

import static java.util.Objects.requireNonNull;

import dev.octroi.drain.BlockList;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Condition;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The pure heart: account and command in, next account and effects out. No clock, no input, no output, no randomness.
 * That a record is counted once for its key is the store's matter; everything else is decided here.
 */
public final class Decider {
    private final DrainWatch drainWatch;
    private final Duration dwell;
    private final Duration lateness;

    /**
     * @param detector finds drains
     * @param population what is normal; only read
     */
    public Decider(DrainDetector detector, Population population) {
        this(detector, at -> population, () -> BlockList.EMPTY);
    }

    /**
     * As {@link #Decider(DrainDetector, Population)}, with a population that moves on and known-bad destinations.
     *
     * @param populations gives the population in force at a moment, the same one whenever it is asked
     * @param blockList gives the list in force
     */
    public Decider(DrainDetector detector, Function<Instant, Population> populations, Supplier<BlockList> blockList) {
        this(detector, populations, blockList, Dwell.STANDARD);
    }

    /** @param dwell how long what begins by itself holds before it ends by itself, more than nothing */
    public Decider(
            DrainDetector detector,
            Function<Instant, Population> populations,
            Supplier<BlockList> blockList,
            Duration dwell) {
        this(detector, populations, blockList, dwell, Views.LATENESS);
    }

    /**
     * As the shorter form, with another bound of late records.
     *
     * @param dwell how long what begins by itself holds before it ends by itself, more than nothing
     * @param lateness how long after its end a record may come
     */
    public Decider(
            DrainDetector detector,
            Function<Instant, Population> populations,
            Supplier<BlockList> blockList,
            Duration dwell,
            Duration lateness) {
        this.drainWatch = new DrainWatch(
                requireNonNull(detector, "detector is null"),
                requireNonNull(populations, "populations is null"),
                requireNonNull(blockList, "blockList is null"));
        if (!dwell.isPositive()) {
            throw new IllegalArgumentException("nothing holds for no time");
        }
        this.dwell = dwell;
        this.lateness = requireNonNull(lateness, "lateness is null");
    }

    /** How long after its end a record may come: before that nothing is complete. */
    public Duration lateness() {
        return lateness;
    }

    /** The state an account opens with: time has passed over it once. */
    public static AccountState opened(NewAccount account) {
        Draft draft = new Draft(AccountState.fresh(account), account.openedAt());
        PeriodWatch.advance(draft);
        PeriodWatch.start(
                draft,
                new AccountCommand.StartPeriod(
                        AccountCommand.StartPeriod.Cause.ORDER, account.openedAt(), Actor.system("order")));
        return draft.toState();
    }

    /** The account while this decides about it. */
    Draft draft(AccountState state, Instant now) {
        return new Draft(state, now, dwell);
    }

    /** What the rules make of something that no command says, because the detector or a plan's price would. */
    public Decision happened(AccountState state, Condition.Occasion occasion, Actor actor, Instant now) {
        return directly(state, actor, now, draft -> RuleWatch.happened(draft, occasion));
    }

    /** What the rules make of a record that was charged, when it is not the plan of the account that has the price. */
    public Decision charged(AccountState state, UsageRecord record, String zone, long minor, Actor actor, Instant now) {
        return directly(state, actor, now, draft -> RuleWatch.counted(draft, record, zone, 0, minor));
    }

    private Decision directly(AccountState state, Actor actor, Instant now, Consumer<Draft> act) {
        Draft draft = draft(state, now);
        act.accept(draft);
        draft.settle(actor);
        return new Decision(draft.toState(), draft.effects, List.of());
    }

    /** Decides one command. */
    public Decision decide(AccountState state, AccountCommand command, Instant now) {
        return decide(state, List.of(command), now);
    }

    /** Decides commands of one account in their order: the same as one after the other. */
    public Decision decide(AccountState state, List<AccountCommand> commands, Instant now) {
        Draft draft = draft(state, now);
        List<Reply> replies = new ArrayList<>(commands.size());
        for (AccountCommand command : commands) {
            replies.add(decide(draft, command));
        }
        CounterWatch.watch(draft, draft);
        return new Decision(draft.toState(), draft.effects, replies);
    }

    /** Decides a command of an account that shares with nobody. */
    Reply decide(Draft draft, AccountCommand command) {
        ChargeNotices.Before before = ChargeNotices.Before.of(draft);
        PeriodWatch.advance(draft);
        ChargeWatch.advance(draft);
        Reply reply = apply(draft, command);
        BackgroundWatch.apply(draft);
        draft.settle(command.actor());
        ChargeNotices.tell(draft, before, command, reply);
        return reply;
    }

    /**
     * Decides commands of accounts that spend one volume, in their order.
     *
     * @param owner whose volume it is
     * @param members all accounts that draw from it, and any that left or asks to join and is addressed
     */
    public Shared decideShared(
            AccountState owner, Collection<AccountState> members, List<Addressed> commands, Instant now) {
        SharedDrafts drafts = new SharedDrafts(this, owner, members, now);
        List<Reply> replies = new ArrayList<>(commands.size());
        for (Addressed each : commands) {
            replies.add(drafts.apply(each.key(), each.command()));
        }
        return new Shared(replies, drafts.decisions());
    }

    /** A command of one of several accounts. */
    public record Addressed(AccountKey key, AccountCommand command) {}

    /**
     * What became of commands of several accounts.
     *
     * @param replies to each command, in order
     * @param decisions of each account, without replies
     */
    public record Shared(List<Reply> replies, Map<AccountKey, Decision> decisions) {
        /** An account's part. */
        public Decision of(AccountKey key) {
            return requireNonNull(decisions.get(key), "no decision of this account");
        }
    }

    /** Decides one command of an account over which time has passed already. */
    Reply apply(Draft draft, AccountCommand command) {
        return switch (command) {
            case AccountCommand.CountUsage count -> UsageWatch.count(draft, count, drainWatch);
            case ChargeCommand charge -> ChargeWatch.charge(draft, charge, drainWatch);
            case AccountCommand.ReportLocation location -> report(draft, location);
            case AccountCommand.TopUp topUp -> Grants.grant(draft, Bucket.Kind.TOP_UP, topUp.grant(), topUp.actor());
            case AccountCommand.Credit credit ->
                Grants.grant(draft, Bucket.Kind.CREDIT, credit.grant(), credit.actor());
            case AccountCommand.AgreeOverage agree -> OverageWatch.agree(draft, agree);
            case AccountCommand.DeclineOverage decline -> OverageWatch.decline(draft, decline);
            case AccountCommand.PutRules put -> RuleReplacement.apply(draft, put);
            case AccountCommand.Pause pause -> Holds.pause(draft, pause);
            case AccountCommand.Resume resume -> Holds.resume(draft, resume);
            case AccountCommand.EndPause end -> Holds.endPause(draft, end.actor(), end.reason());
            case AccountCommand.Suspend suspend -> Holds.suspend(draft, suspend);
            case AccountCommand.Lift lift -> Holds.lift(draft, lift);
            case AccountCommand.LiftIncident lift -> Holds.lift(draft, lift);
            case AccountCommand.StartPeriod start -> PeriodWatch.start(draft, start);
            case AccountCommand.Tick tick -> Reply.DONE;
            case AccountCommand.AlarmFeedback feedback -> drainWatch.feedback(draft, feedback);
            case AccountCommand.DrainRemoved removed -> DrainAnswers.removed(draft, removed);
            case AccountCommand.SetTimeZone set -> TimeZoneWatch.set(draft, set);
            case AccountCommand.SetBackground set -> BackgroundWatch.set(draft, set);
            case AccountCommand.SetMemberCap set -> MemberWatch.cap(draft, set);
            case AccountCommand.JoinShared join -> JoinWatch.NOBODY;
            case AccountCommand.LeaveShared leave -> MemberWatch.NOT_A_MEMBER;
            case AccountCommand.ApplyChange apply -> ActWatch.apply(draft, apply);
            case AccountCommand.UndoChange undo -> ActWatch.undo(draft, undo);
        };
    }

    /** Counts what a charging message reports and nothing else of it. */
    void count(Draft draft, ChargingSession session, ChargeCommand charge) {
        ChargeWatch.count(draft, session, charge, drainWatch);
    }

    private static Reply report(Draft draft, AccountCommand.ReportLocation location) {
        DeviceWatch.seen(draft, location.deviceHash(), location.at());
        String area = ZoneWatch.area(location.plmn(), location.tac(), location.cell());
        ZoneWatch.moved(draft, location.plmn(), location.country(), area, location.at());
        return Reply.DONE;
    }
}
