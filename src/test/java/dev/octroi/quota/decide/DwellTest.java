package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What began by itself holds for a minute; what tightens and what people do never waits. */
class DwellTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "traveller", null);
    private static final PlanTerms TERMS = new PlanTerms(
            PlanTerms.SCHEMA,
            "plan",
            3 * GB,
            Validity.days(30, Validity.StartMode.ON_ORDER),
            new AfterQuota.Stop(),
            80,
            List.of(
                    new ZoneCap("zone_slow", "Slow", Set.of("208-01-0A"), Speed.both(256)),
                    new ZoneCap("zone_shut", "Shut", Set.of("208-01-0B"), null)),
            DrainPolicy.NOTIFY,
            DayZone.TRAVELLER);

    private Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, TERMS, now);
    private int serial;
    private int decisions;

    @Test
    void deviceAtTheBorderOfAZoneMakesTwoDecisionsAndNotTwenty() {
        for (int i = 0; i < 10; i++) {
            area("0A");
            assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
            pass(2);
            area(null);
            assertThat(state.policy().speed()).as("it holds for its minute").isEqualTo(Speed.both(256));
            pass(2);
        }
        assertThat(decisions).isEqualTo(1);
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-23T10:01:00Z"));
        assertThat(state.policy().until()).as("told as before").isEqualTo(new Until.ZoneLeft());
        now = Instant.parse("2026-11-23T10:01:00Z");
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(decisions).isEqualTo(2);
    }

    @Test
    void aGatewayMayBeToldAnotherTimeThanAMinute() {
        decider = new Decider(
                DrainDetector.shipped(), at -> Population.shipped(), () -> BlockList.EMPTY, Duration.ofSeconds(5));
        area("0A");
        pass(4);
        area(null);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-23T10:00:05Z"));
        pass(1);
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void zoneThatIsEnteredAgainGoesOnUntilItIsLeftForGood() {
        area("0A");
        pass(30);
        area(null);
        pass(20);
        area("0A");
        pass(3_600);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
        area(null);
        assertThat(state.policy().level()).as("its minute is long over").isEqualTo(Level.NORMAL);
    }

    @Test
    void whatTightensNeverWaits() {
        area("0A");
        pass(1);
        area("0B");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        pass(1);
        decide(new AccountCommand.Suspend(dev.octroi.policy.RestrictionClass.LEGAL, true, "stolen", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
    }

    @Test
    void whatPeopleDoNeverWaits() {
        put("""
                [{"id": "stop", "when": {"window": "period", "overBytes": 1000000}, "then": [{"do": "pause"}],
                  "until": "top_up"},
                 {"id": "hour", "when": {"window": "day", "overBytes": 2000000}, "then": [{"do": "pause"}]}]
                """);
        use(MB);
        pass(1);
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).as("a top-up").isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        pass(1);
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).as("a resume").isEqualTo(Level.NORMAL);
    }

    @Test
    void limitThatIsReachedJustBeforeMidnightHoldsForItsMinute() {
        put("""
                [{"id": "daily", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}]}]
                """);
        now = Instant.parse("2026-11-23T22:59:50Z");
        use(MB);
        assertThat(state.policy().until()).isEqualTo(new Until.At(Instant.parse("2026-11-23T23:00:50Z")));
    }

    @Test
    void placeOfARuleThatIsLeftAtOnceHoldsForItsMinuteWithoutAnotherDecision() {
        put("""
                [{"id": "swiss", "when": {"zones": ["CH"]}, "then": [{"do": "pause"}]}]
                """);
        for (int i = 0; i < 5; i++) {
            country("228-01", "CH");
            pass(4);
            country("208-01", "FR");
            pass(4);
        }
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(decisions).isEqualTo(1);
        now = Instant.parse("2026-11-23T10:01:00Z");
        assertThat(NextMoment.of(state)).isEqualTo(now);
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void rollingWindowThatLetsGoAtOnceHoldsForItsMinute() {
        put("""
                [{"id": "roll", "when": {"window": "rolling", "rollingHours": 1, "overBytes": 10000000},
                  "then": [{"do": "throttle", "kbps": 64}]}]
                """);
        use(9 * MB);
        // The slot of ten o'clock leaves at 11:02:30.
        now = Instant.parse("2026-11-23T11:02:20Z");
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        now = Instant.parse("2026-11-23T11:02:30Z");
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        use(20 * MB);
        now = Instant.parse("2026-11-23T11:03:20Z");
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(state.policy().level()).as("over again meanwhile").isEqualTo(Level.THROTTLED);
        assertThat(NextMoment.of(state)).isAfter(Instant.parse("2026-11-23T12:00:00Z"));
    }

    private void put(String json) {
        decide(new AccountCommand.PutRules(Rule.Owner.USER, RuleJson.readStored(json, Rule.Owner.USER), null, ADMIN));
    }

    private void use(long bytes) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, now), NETWORK));
    }

    private void area(String tac) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", tac, null, null, now, NETWORK));
    }

    private void country(String plmn, String country) {
        decide(new AccountCommand.ReportLocation(plmn, country, null, null, null, now, NETWORK));
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        decisions += (int) decision.effects().stream()
                .filter(Effect.PolicyDecided.class::isInstance)
                .count();
        state = decision.state();
    }
}
