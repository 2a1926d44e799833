package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A known-bad destination is an alarm that has a case and can be answered. */
class DestinationWatchTest {
    private static final Instant NINE = Instant.parse("2026-11-02T09:00:00Z");

    private final Decider decider = new Decider(
            DrainDetector.shipped(), at -> Population.shipped(), () -> new BlockList(1, Set.of("dns:botnet")));
    private final List<Effect> effects = new ArrayList<>();
    private AccountState state = open(DrainPolicy.THROTTLE);

    /** A plan that only tells or asks opens a case all the same. */
    @ParameterizedTest
    @EnumSource
    void itIsAnAlarmWhateverThePlanMakesOfDrains(DrainPolicy policy) {
        state = open(policy);
        reach(NINE);
        reach(NINE.plusSeconds(60));
        assertThat(alarms()).singleElement().satisfies(raised -> {
            assertThat(raised.alarm().kind()).isEqualTo(DrainKind.DESTINATION);
            assertThat(raised.alarm().sinceEpochSeconds()).isEqualTo(NINE.getEpochSecond());
            assertThat(raised.alarm().observedBytes()).isEqualTo(2_000);
            assertThat(raised.recent())
                    .as("nothing that a fit of the detector could learn from")
                    .doesNotContainKey("quantities");
            boolean slows = policy.compareTo(DrainPolicy.THROTTLE) >= 0;
            assertThat(raised.action()).isEqualTo(slows ? "throttle" : "notify");
            assertThat(state.policy().level()).isEqualTo(slows ? Level.THROTTLED : Level.NORMAL);
        });
    }

    @Test
    void aRecordOfTheDayBeforeYesterdayIsAnAlarmToo() {
        count(NINE, NINE.plus(Duration.ofHours(50)));
        assertThat(alarms())
                .singleElement()
                .satisfies(raised -> assertThat(raised.action()).isEqualTo("notify"));
    }

    @Test
    void whatGoesOnIsOneIncidentUntilItHasBeenQuietForADayAndAHalf() {
        for (int hour = 0; hour < 72; hour += 24) {
            reach(NINE.plus(Duration.ofHours(hour)));
        }
        assertThat(incidents()).hasSize(3).containsOnly(incidents().getFirst());
        reach(NINE.plus(Duration.ofHours(48 + 36)));
        assertThat(incidents().getLast()).isGreaterThan(incidents().getFirst());
    }

    @Test
    void whoKnowsOfItIsLetGoAndWhoDoesNotIsHeld() {
        reach(NINE);
        int incident = incidents().getFirst();
        decide(answer(incident, false), NINE.plusSeconds(60));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        decide(answer(incident, true), NINE.plusSeconds(120));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(decide(answer(incident, true), NINE.plusSeconds(130))).isEqualTo(Reply.REPEATED);
        reach(NINE.plusSeconds(180));
        assertThat(state.policy().level()).as("let go for a day").isEqualTo(Level.NORMAL);
        decide(answer(incident, false), NINE.plusSeconds(240));
        reach(NINE.plusSeconds(300));
        assertThat(state.policy().level()).as("after all").isEqualTo(Level.THROTTLED);
        assertThat(effects)
                .filteredOn(Effect.AlarmAnswered.class::isInstance)
                .hasSize(3)
                .allSatisfy(each ->
                        assertThat(((Effect.AlarmAnswered) each).incident()).isEqualTo(incident));
    }

    @Test
    void anAnswerToAnIncidentThatThereIsNotIsRefused() {
        int none = DrainHold.destinationIncident(0);
        assertThat(decide(answer(none, true), NINE))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.NOTHING_HELD));
        reach(NINE);
        assertThat(decide(answer(incidents().getFirst() + 1, true), NINE)).isInstanceOf(Reply.Refused.class);
        assertThat(decide(answer(incidents().getFirst() - 1, true), NINE))
                .as("an earlier one is noted")
                .isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    /** The settlement of its case is what lifts it, and it stays lifted for a day. */
    @Test
    void itsCaseLiftsIt() {
        reach(NINE);
        decide(new AccountCommand.LiftIncident(incidents().getFirst(), "a wrong entry", ADMIN), NINE.plusSeconds(60));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        reach(NINE.plusSeconds(120));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void theSettlementOfAnotherIncidentLeavesIt() {
        reach(NINE);
        decide(new AccountCommand.LiftIncident(1, "photos", ADMIN), NINE.plusSeconds(60));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void aRuleOnUnusualUseActs() {
        String rule = """
                [{"id": "drain", "when": {"event": "alarm"}, "then": [{"do": "pause"}], "until": "manual"}]
                """;
        decide(
                new AccountCommand.PutRules(Rule.Owner.USER, RuleJson.readStored(rule, Rule.Owner.USER), null, ADMIN),
                NINE);
        reach(NINE);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).isEqualTo("user.alarm");
    }

    private AccountState open(DrainPolicy policy) {
        return AccountFixture.begun(
                decider,
                AccountFixture.terms(
                        AccountFixture.GB,
                        new AfterQuota.Stop(),
                        Validity.days(30, Validity.StartMode.ON_ORDER),
                        policy),
                NINE.minus(Duration.ofDays(1)));
    }

    private static AccountCommand answer(int incident, boolean meant) {
        return new AccountCommand.AlarmFeedback(incident, meant, ADMIN);
    }

    private void reach(Instant at) {
        count(at, at);
    }

    private void count(Instant at, Instant now) {
        UsageRecord record = new UsageRecord(
                "net-a",
                "r" + at,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                at,
                at,
                now,
                1_000,
                1_000,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB,
                "dns:botnet",
                null);
        decide(new AccountCommand.CountUsage(record, NETWORK), now);
    }

    private Reply decide(AccountCommand command, Instant now) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        effects.addAll(decision.effects());
        return decision.replies().getFirst();
    }

    private List<Integer> incidents() {
        return alarms().stream().map(raised -> raised.alarm().incidentId()).toList();
    }

    private List<Effect.AlarmRaised> alarms() {
        return effects.stream()
                .filter(Effect.AlarmRaised.class::isInstance)
                .map(Effect.AlarmRaised.class::cast)
                .toList();
    }
}
