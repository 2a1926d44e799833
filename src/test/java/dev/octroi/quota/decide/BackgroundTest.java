package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.NewAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The traveller's switch for background traffic. */
class BackgroundTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", null);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountState.fresh(
            new NewAccount(new AccountKey(1, 256), 512, AccountFixture.france(), AccountFixture.PARIS, now));

    @Test
    void offHoldsUntilItIsSwitchedOn() {
        set(new Background(Background.Mode.OFF, 0));
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(state.policy().reasonCode()).isEqualTo("user.background");
        decide(new AccountCommand.Pause(TRAVELLER));
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).as("resuming is not switching on").isEqualTo(Level.BACKGROUND_BLOCKED);
        set(Background.ON);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(state)).isEqualTo(state.endsAt());
    }

    @Test
    void theSleepGuardHoldsFromElevenToSevenInTheTravellersZone() {
        set(new Background(Background.Mode.NIGHT, 0));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        Instant evening = Instant.parse("2026-11-23T22:00:00Z");
        Instant morning = Instant.parse("2026-11-24T06:00:00Z");
        for (int night = 0; night < 3; night++) {
            assertThat(NextMoment.of(state)).as("night %d begins", night).isEqualTo(evening);
            tick(evening);
            assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
            assertThat(NextMoment.of(state)).as("night %d ends", night).isEqualTo(morning);
            tick(morning);
            assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
            evening = evening.plus(Duration.ofDays(1));
            morning = morning.plus(Duration.ofDays(1));
        }
    }

    @Test
    void theSleepGuardGoesByTheCountryWhereTheDeviceIs() {
        set(new Background(Background.Mode.NIGHT, 0));
        decide(new AccountCommand.ReportLocation("520-01", "TH", null, null, null, now, TRAVELLER));
        Instant evening = Instant.parse("2026-11-23T16:00:00Z");
        assertThat(NextMoment.of(state)).as("23:00 in Bangkok").isEqualTo(evening);
        tick(evening);
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(NextMoment.of(state)).as("07:00 in Bangkok").isEqualTo("2026-11-24T00:00:00Z");
        now = evening.plusSeconds(3_600);
        decide(new AccountCommand.ReportLocation("208-01", "FR", null, null, null, now, TRAVELLER));
        tick(now.plusSeconds(60));
        assertThat(state.policy().level()).as("18:00 in Paris").isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(state)).as("23:00 in Paris").isEqualTo("2026-11-23T22:00:00Z");
    }

    @Test
    void nothingIsLookedAtAgainAndAgainOnceThePlanHasEnded() {
        state = decider.decide(
                        state,
                        new AccountCommand.StartPeriod(
                                AccountCommand.StartPeriod.Cause.ORDER, now, AccountFixture.ADMIN),
                        now)
                .state();
        set(new Background(Background.Mode.NIGHT, 0));
        List<Rule> rules = RuleJson.readStored("""
                [{"id": "evening", "when": {"hours": {"from": "18:00", "to": "21:00"}}, "then": [{"do": "pause"}]},
                 {"id": "told", "when": {"hours": {"from": "08:00", "to": "10:00"}}, "then": [{"do": "notify"}]}]
                """, Rule.Owner.USER);
        decide(new AccountCommand.PutRules(Rule.Owner.USER, rules, null, TRAVELLER));
        Instant end = Instant.parse("2026-11-30T10:00:00Z");
        assertThat(state.endsAt()).isEqualTo(end);
        tick(end);
        assertThat(state.ended()).isTrue();
        assertThat(NextMoment.of(state)).isNull();
    }

    @Test
    void whatHoldsWhenThePlanEndsStillEndsInItsTime() {
        Instant end = Instant.parse("2026-11-30T10:00:00Z");
        decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, now, AccountFixture.ADMIN));
        set(new Background(Background.Mode.NIGHT, 0));
        List<Rule> rules = RuleJson.readStored("""
                [{"id": "day", "when": {"hours": {"from": "10:00", "to": "23:30"}}, "then": [{"do": "suspend"}]}]
                """, Rule.Owner.RESELLER);
        decide(new AccountCommand.PutRules(Rule.Owner.RESELLER, rules, null, TRAVELLER));
        tick(end);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        int looks = 0;
        for (Instant due = NextMoment.of(state); due != null; due = NextMoment.of(state)) {
            tick(due);
            assertThat(++looks).isLessThan(4);
        }
        assertThat(state.policy().reasonCode()).isEqualTo("plan.ended");
        assertThat(state.restrictions()).extracting(Restriction::id).containsExactly("plan.ended");
    }

    @Test
    void onlyTheCategoriesThatTheTravellerNamesAreBlockedAlwaysAtNightAndWhenLittleIsLeft() {
        set(new Background(Background.Mode.OFF, 0, List.of("update", "cloud")));
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(state.policy().blockedCategories()).containsExactly("cloud", "update");
        decide(new AccountCommand.Pause(TRAVELLER));
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().blockedCategories())
                .as("resuming is not switching on")
                .containsExactly("cloud", "update");
        set(new Background(Background.Mode.NIGHT, 0, List.of("cloud")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        tick(Instant.parse("2026-11-23T22:00:00Z"));
        assertThat(state.policy().blockedCategories()).containsExactly("cloud");
        assertThat(NextMoment.of(state)).isEqualTo("2026-11-24T06:00:00Z");
        set(new Background(Background.Mode.LOW, GB, List.of("video")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        decide(new AccountCommand.CountUsage(AccountFixture.record("r1", 2 * GB + 1, now), NETWORK));
        assertThat(state.policy().blockedCategories()).containsExactly("video");
        set(new Background(Background.Mode.LOW, GB));
        assertThat(state.policy().blockedCategories()).as("all of it").isEmpty();
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
    }

    @Test
    void lowHoldsWhileLittleIsLeftAndEndsWithATopUp() {
        set(new Background(Background.Mode.LOW, GB));
        decide(new AccountCommand.CountUsage(AccountFixture.record("r1", 2 * GB, now), NETWORK));
        assertThat(state.policy().level()).as("exactly the limit is left").isEqualTo(Level.NORMAL);
        decide(new AccountCommand.CountUsage(AccountFixture.record("r2", MB, now), NETWORK));
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", AccountFixture.ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aLimitBelongsToTheModeThatNeedsOne() {
        assertThatThrownBy(() -> new Background(Background.Mode.LOW, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Background(Background.Mode.OFF, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Background(Background.Mode.OFF, 0, List.of("a,b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Background(Background.Mode.ON, 0, List.of("cloud")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void set(Background background) {
        decide(new AccountCommand.SetBackground(background, TRAVELLER));
    }

    private void tick(Instant at) {
        now = at;
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        state = decider.decide(state, command, now).state();
    }
}
