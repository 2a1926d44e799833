package dev.octroi.quota.rehearsal;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Decision;
import dev.octroi.quota.decide.NextMoment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One account while rules are played on it: its state, and the sums so far. */
final class RehearsedRules {
    private static final Actor ACTOR = Actor.system("rehearsal");
    private static final AccountKey NOBODY = new AccountKey(1, 256);

    private final Decider decider;
    private final List<RuleTally.Span> spans = new ArrayList<>();
    private AccountState state;
    private Instant now;
    private Policy policy = Policy.UNRESTRICTED;
    private Instant since;
    private long usedBytes;
    private long savedBytes;
    private long slowedSeconds;
    private long blockedSeconds;
    private long pausedSeconds;
    private int notices;

    RehearsedRules(Decider decider, PlanTerms terms, ZoneId zone, Instant from, List<Rule> rules) {
        this.decider = decider;
        this.now = from;
        this.since = from;
        this.state = AccountState.fresh(new NewAccount(NOBODY, 1, terms, zone, from));
        decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, from, ACTOR));
        if (!rules.isEmpty()) {
            decide(new AccountCommand.PutRules(rules.getFirst().owner(), rules, null, ACTOR));
        }
    }

    /** Lets time pass; the account is looked at when it asked for it. */
    void advance(Instant to) {
        Instant next = NextMoment.of(state);
        while (next != null && !next.isAfter(to)) {
            pass(next);
            decide(new AccountCommand.Tick(ACTOR));
            next = NextMoment.of(state);
        }
        if (to.isAfter(now)) {
            pass(to);
        }
    }

    /** The device is in an area: {@code MCC-MNC}, {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}. */
    void seen(String plmn, String country, String area) {
        String[] parts = area.split("-", -1);
        decide(new AccountCommand.ReportLocation(
                plmn,
                country,
                parts.length > 2 ? parts[2] : null,
                parts.length > 3 ? parts[3] : null,
                null,
                now.plusMillis(1),
                ACTOR));
    }

    void count(UsageRecord record) {
        decide(new AccountCommand.CountUsage(record, ACTOR));
    }

    /** Something happened. */
    void happened(Condition.Occasion occasion) {
        follow(decider.happened(state, occasion, ACTOR, now));
    }

    /** Use that was counted was charged. */
    void charge(UsageRecord record, String zone, long minor) {
        follow(decider.charged(state, record, zone, minor, ACTOR, now));
    }

    void used(long wantedBytes, long passedBytes) {
        usedBytes += wantedBytes;
        savedBytes += wantedBytes - passedBytes;
    }

    boolean isStopped() {
        return policy.level().compareTo(Level.SUSPENDED_DATA) >= 0;
    }

    @Nullable
    Speed speed() {
        return policy.speed();
    }

    Set<String> blocked() {
        if (policy.level() != Level.BACKGROUND_BLOCKED) {
            return Set.of();
        }
        return policy.blockedCategories().isEmpty() ? RuleRehearsal.BACKGROUND : Set.copyOf(policy.blockedCategories());
    }

    RuleTally tally() {
        close();
        return new RuleTally(
                usedBytes, savedBytes, slowedSeconds, blockedSeconds, pausedSeconds, notices, List.copyOf(spans));
    }

    private void pass(Instant to) {
        long seconds = Duration.between(now, to).toSeconds();
        switch (policy.level()) {
            case NORMAL -> {}
            case THROTTLED -> slowedSeconds += seconds;
            case BACKGROUND_BLOCKED -> blockedSeconds += seconds;
            case SUSPENDED_DATA, SUSPENDED_ALL -> pausedSeconds += seconds;
        }
        now = to;
    }

    private void decide(AccountCommand command) {
        follow(decider.decide(state, command, now));
    }

    private void follow(Decision decision) {
        state = decision.state();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.EventRaised event && event.data().containsKey("rule")) {
                notices++;
            }
        }
        // Of the plan's zones nothing is counted: they hold with and without the rules.
        Policy after = PolicyEngine.derive(
                state.restrictions().stream()
                        .filter(each -> each.ruleId() != null)
                        .toList(),
                now);
        if (after.level() != policy.level()) {
            close();
            since = now;
        }
        policy = after;
    }

    private void close() {
        if (policy.level() != Level.NORMAL && now.isAfter(since) && spans.size() < RuleTally.MAX_SPANS) {
            spans.add(new RuleTally.Span(since, now, policy.level()));
        }
    }
}
