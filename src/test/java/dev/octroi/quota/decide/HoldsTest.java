package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Whose suspension is whose to end. */
class HoldsTest {
    private static final Actor RESELLER = new Actor(Actor.Kind.RESELLER, "shop", null);
    private static final Actor SUPPORT = new Actor(Actor.Kind.SUPPORT, "desk", null);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), now);

    @Test
    void suspensionsOfResellerAndOperatorStandBesideEachOther() {
        assertThat(suspend(SUPPORT, true)).isEqualTo(Reply.DONE);
        assertThat(suspend(RESELLER, false)).isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).as("the reseller loosens nothing").isEqualTo(Level.SUSPENDED_ALL);
        assertThat(lift(RESELLER)).isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        refusedAsNotTheirs(lift(RESELLER));
        assertThat(lift(SUPPORT)).isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void operatorEndsTheSuspensionsOfBoth() {
        suspend(SUPPORT, false);
        suspend(RESELLER, false);
        assertThat(lift(ADMIN)).isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void suspendingDataOnlyDoesNotLoosenASuspensionOfEverything() {
        suspend(ADMIN, true);
        suspend(SUPPORT, false);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        assertThat(state.restrictions()).hasSize(1);
    }

    @Test
    void resellerEndsWhatRulesOfTheResellerSuspendAndNotThoseOfTheOperator() {
        put(Rule.Owner.OPERATOR);
        put(Rule.Owner.RESELLER);
        seen("a1");
        seen("b2");
        assertThat(state.restrictions()).hasSize(2);
        assertThat(lift(RESELLER)).isEqualTo(Reply.DONE);
        assertThat(state.restrictions()).extracting(Restriction::ruleId).containsExactly("operator:lock");
        refusedAsNotTheirs(lift(RESELLER));
    }

    @Test
    void resellerEndsNoRuleOfTheOperatorWhateverItsClass() {
        List<Rule> evening = RuleJson.readStored("""
                [{"id": "busy", "when": {"hours": {"from": "00:00", "to": "23:00"}},
                  "then": [{"do": "throttle", "kbps": 512}]}]
                """, Rule.Owner.OPERATOR);
        decide(new AccountCommand.PutRules(Rule.Owner.OPERATOR, evening, null, ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        refusedAsNotTheirs(decide(new AccountCommand.Lift(null, RestrictionClass.TIME_WINDOW, "now", RESELLER)));
        String id = state.restrictions().getFirst().id();
        refusedAsNotTheirs(decide(new AccountCommand.Lift(id, null, "now", RESELLER)));
        assertThat(decide(new AccountCommand.Lift(id, null, "now", SUPPORT))).isEqualTo(Reply.DONE);
        decide(new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "drains", SUPPORT));
        decide(new AccountCommand.Suspend(RestrictionClass.DRAIN, true, "drains", RESELLER));
        AccountCommand lift = new AccountCommand.Lift(null, RestrictionClass.DRAIN, "was meant", RESELLER);
        assertThat(decide(lift)).as("the reseller's own").isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        refusedAsNotTheirs(decide(lift));
    }

    @Test
    void endOfAPauseEndsNothingElse() {
        decide(new AccountCommand.Pause(RESELLER));
        suspend(RESELLER, false);
        assertThat(decide(new AccountCommand.EndPause(RESELLER))).isEqualTo(Reply.DONE);
        assertThat(state.restrictions()).hasSize(1);
        assertThat(decide(new AccountCommand.EndPause(RESELLER)))
                .asInstanceOf(InstanceOfAssertFactories.type(Reply.Refused.class))
                .extracting(Reply.Refused::code)
                .isEqualTo(Refusal.NOTHING_HELD);
    }

    private static void refusedAsNotTheirs(Reply reply) {
        assertThat(reply)
                .asInstanceOf(InstanceOfAssertFactories.type(Reply.Refused.class))
                .extracting(Reply.Refused::code)
                .isEqualTo(Refusal.NOT_ALLOWED);
    }

    private Reply suspend(Actor actor, boolean everything) {
        return decide(new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, everything, "unpaid", actor));
    }

    private Reply lift(Actor actor) {
        return decide(new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, "paid", actor));
    }

    private void put(Rule.Owner owner) {
        List<Rule> rules = RuleJson.readStored("""
                [{"id": "lock", "when": {"event": "device_changed"}, "then": [{"do": "suspend"}], "until": "manual"}]
                """, owner);
        assertThat(decide(new AccountCommand.PutRules(owner, rules, null, ADMIN)))
                .isEqualTo(Reply.DONE);
    }

    private void seen(String device) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", null, null, device.repeat(16), now, NETWORK));
    }

    private Reply decide(AccountCommand command) {
        now = now.plusSeconds(60);
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        return decision.replies().getFirst();
    }
}
