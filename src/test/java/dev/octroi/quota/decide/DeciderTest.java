package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each rule of counting and policy by an example. */
class DeciderTest {
    private static final Speed SLOW = Speed.both(512);
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "traveller", null);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = open(AccountFixture.france());
    private Decision last;
    private int serial;

    @Test
    void dailyLimitHoldsUntilMidnightOfTheTravellersZone() {
        put(Rule.Owner.USER, daily(300 * MB));
        use(299 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().speed()).isEqualTo(SLOW);
        assertThat(state.policy().reasonCode()).isEqualTo("user.limit_reached");
        Instant midnight = Instant.parse("2026-11-23T23:00:00Z");
        assertThat(state.policy().until()).isEqualTo(new Until.At(midnight));
        assertThat(NextMoment.of(state)).isEqualTo(midnight);
        now = midnight.minusMillis(1);
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        now = midnight;
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(299 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void dayOfTheChangeOfClocksHasTwentyFiveHours() {
        now = Instant.parse("2026-10-24T22:30:00Z");
        state = open(AccountFixture.france());
        put(Rule.Owner.USER, daily(10 * MB));
        use(10 * MB);
        assertThat(state.policy().until()).isEqualTo(new Until.At(Instant.parse("2026-10-25T23:00:00Z")));
    }

    @Test
    void limitSetDuringTheDayKnowsWhatWasUsedBefore() {
        use(400 * MB);
        put(Rule.Owner.USER, daily(300 * MB));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        put(Rule.Owner.USER, daily(500 * MB));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void lateRecordOfYesterdayDoesNotFillTodaysLimit() {
        put(Rule.Owner.USER, daily(300 * MB));
        count(AccountFixture.record("late", 400 * MB, now.minus(Duration.ofHours(20))));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.usedBytes()).isEqualTo(400 * MB);
    }

    @Test
    void travellerCanOnlyTighten() {
        put(
                Rule.Owner.OPERATOR,
                new Rule(
                        "fair",
                        Rule.Owner.OPERATOR,
                        Condition.over(Rule.Window.DAY, 100 * MB),
                        List.of(new Action.Throttle(Speed.both(256))),
                        Rule.WINDOW_END));
        put(
                Rule.Owner.USER,
                new Rule(
                        "loose",
                        Rule.Owner.USER,
                        Condition.over(Rule.Window.DAY, 50 * MB),
                        List.of(new Action.Throttle(Speed.both(5_000))),
                        Rule.WINDOW_END));
        use(100 * MB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
        resume();
        assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
        assertThat(state.policy().reasonCode()).isEqualTo("operator.limit_reached");
    }

    @Test
    void ruleForHoursZonesAndCategoriesCountsOnlyThose() {
        put(
                Rule.Owner.USER,
                new Rule(
                        "night",
                        Rule.Owner.USER,
                        new Condition.Used(
                                Condition.Metric.BYTES,
                                Rule.Window.DAY,
                                0,
                                10 * MB,
                                new Where(
                                        Set.of("FR"),
                                        Set.of(),
                                        new Where.Hours(LocalTime.of(22, 0), LocalTime.of(6, 0)),
                                        Set.of("web"))),
                        List.of(new Action.Pause()),
                        Rule.MANUAL));
        use(50 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = Instant.parse("2026-11-23T21:30:00Z");
        use(10 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        now = now.plus(Duration.ofDays(1));
        tick();
        assertThat(state.policy().level()).as("manual stays over midnight").isEqualTo(Level.SUSPENDED_DATA);
        resume();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void staleRulesAreRefused() {
        put(Rule.Owner.USER, daily(300 * MB));
        decide(new AccountCommand.PutRules(Rule.Owner.USER, List.of(), 0L, ADMIN));
        assertThat(last.replies().getFirst())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.STALE_VERSION));
    }

    @Test
    void zoneSlowsOnEnteringAndRestoresOnLeaving() {
        report("7501");
        assertThat(state.policy().speed()).isEqualTo(new Speed(1_000, 500));
        assertThat(state.policy().reasonCode()).isEqualTo("zone.speed_cap");
        now = now.plusSeconds(60);
        report("7502");
        assertThat(state.policy().version())
                .as("another cell of the zone changes nothing")
                .isEqualTo(1);
        now = now.plusSeconds(60);
        report("9999");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        decide(new AccountCommand.ReportLocation("208-01", "FR", "7501", null, null, now.minusSeconds(30), NETWORK));
        assertThat(state.policy().level()).as("an old report changes nothing").isEqualTo(Level.NORMAL);
    }

    @Test
    void removingTheStricterCauseRestoresTheNext() {
        use(3 * GB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(384));
        decide(new AccountCommand.Pause(TRAVELLER));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        resume();
        assertThat(state.policy().speed()).isEqualTo(Speed.both(384));
    }

    @Test
    void topUpNeverLiftsWhatVolumeDidNotCause() {
        use(3 * GB);
        report("7501");
        put(Rule.Owner.USER, daily(MB));
        decide(new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "reported stolen", ADMIN));
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        assertThat(state.restrictions())
                .extracting(each -> each.restrictionClass())
                .containsExactlyInAnyOrder(RestrictionClass.LEGAL, RestrictionClass.ZONE, RestrictionClass.USER_CAP);
    }

    @Test
    void theSmallestTopUpCanBeUsed() {
        state = open(
                AccountFixture.terms(30 * GB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)));
        use(30 * GB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.TopUp(new Grant(0, 3, 0, "days", "3 days", List.of()), ADMIN));
        assertThat(state.policy().level()).as("days are no volume").isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(GB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.beyondBytes()).isZero();
        decide(new AccountCommand.Credit(MB, "c1", "sorry", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void whoBuysALittleForAPlanThatGoesOnSlowlyHasItAtFullSpeed() {
        use(3 * GB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        decide(new AccountCommand.TopUp(100 * MB, "p1", "100 MB", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(100 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void noSecondWarningUnlessTheNewThresholdIsCrossed() {
        use(2_700 * MB);
        assertThat(warnings()).isEqualTo(1);
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN));
        use(400 * MB);
        assertThat(warnings()).isZero();
        use(200 * MB);
        assertThat(warnings()).as("3.3 of 4 GB").isEqualTo(1);
    }

    @Test
    void planThatStopsSuspendsAndEndsWithItsPeriod() {
        state = open(AccountFixture.terms(
                100 * MB, new AfterQuota.Stop(), Validity.days(1, Validity.StartMode.ON_FIRST_USE)));
        assertThat(state.startsAt()).isNull();
        use(100 * MB);
        assertThat(state.startsAt()).isNotNull();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        now = now.plus(Duration.ofDays(1));
        tick();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.ended");
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN));
        assertThat(last.replies().getFirst())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.PLAN_ENDED));
    }

    @Test
    void planWithADateWaitsForIt() {
        Instant date = now.plus(Duration.ofDays(2));
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), new Validity(3, Validity.Unit.DAY, Validity.StartMode.FIXED, date)));
        tick();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.not_started");
        assertThat(NextMoment.of(state)).isEqualTo(date);
        now = date;
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.startsAt()).isEqualTo(date);
    }

    @Test
    void whatIsUsedBeforeItsDateTakesNothingOfAPlanWheneverItIsReported() {
        Instant date = now.plus(Duration.ofDays(2));
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), new Validity(3, Validity.Unit.DAY, Validity.StartMode.FIXED, date)));
        use(300 * MB);
        now = date.plusSeconds(60);
        count(AccountFixture.record("late", 200 * MB, date.minusSeconds(1)));
        assertThat(state.buckets().getFirst().remainingBytes()).isEqualTo(GB);
        assertThat(state.beyondBytes()).isEqualTo(500 * MB);
        count(AccountFixture.record("first", 100 * MB, date));
        assertThat(state.buckets().getFirst().remainingBytes()).isEqualTo(900 * MB);
    }

    @Test
    void installationBeginsAPlanThatWaitsForIt() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_INSTALL)));
        assertThat(state.startsAt()).isNull();
        decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, now, ADMIN));
        assertThat(state.startsAt()).isEqualTo(now);
        assertThat(state.endsAt()).isEqualTo(now.plus(Duration.ofDays(7)));
    }

    @Test
    void firstUseBeginsAPlanThatWaitsForInstallationWhenItIsReportedEarlier() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_INSTALL)));
        now = now.plusSeconds(300);
        use(MB);
        Instant begun = state.startsAt();
        decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, now, ADMIN));
        assertThat(state.startsAt()).isEqualTo(begun).isEqualTo(now.minusSeconds(60));
    }

    @Test
    void installationDoesNotBeginAPlanThatWaitsForTheFirstUse() {
        state = open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_FIRST_USE)));
        decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, now, ADMIN));
        assertThat(state.startsAt()).isNull();
    }

    @Test
    void waitingPlanShowsWhereItWouldEndIfItBeganNow() {
        state = open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_FIRST_USE)));
        PeriodView waiting = Views.of(state, null, now, null, null).period();
        assertThat(waiting.state()).isEqualTo(PeriodView.State.NOT_STARTED);
        assertThat(waiting.endsAt()).isNull();
        assertThat(waiting.predictedEndsAt()).isEqualTo(now.plus(Duration.ofDays(7)));
        use(MB);
        PeriodView begun = Views.of(state, null, now, null, null).period();
        assertThat(begun.predictedEndsAt()).isNull();
        assertThat(begun.endsAt()).isEqualTo(state.endsAt());
    }

    @Test
    void datesMoveWithTheTravellersTimeZoneUntilTheyBegin() {
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), Validity.dates(LocalDate.of(2026, 11, 25), 2, Validity.Unit.DAY)));
        tick();
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-24T23:00:00Z"));
        assertThat(Views.of(state, null, now, null, null).period().predictedEndsAt())
                .isEqualTo(Instant.parse("2026-11-26T23:00:00Z"));
        decide(new AccountCommand.SetTimeZone(ZoneId.of("Asia/Shanghai"), ADMIN));
        assertThat(state.policy().until()).isEqualTo(new Until.At(Instant.parse("2026-11-24T16:00:00Z")));
        now = Instant.parse("2026-11-24T16:00:00Z");
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        decide(new AccountCommand.SetTimeZone(AccountFixture.PARIS, ADMIN));
        assertThat(state.endsAt()).as("what has begun keeps its end").isEqualTo(Instant.parse("2026-11-26T16:00:00Z"));
    }

    @Test
    void resellerMayNotLiftWhatLawHolds() {
        decide(new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "reported stolen", ADMIN));
        Actor reseller = new Actor(Actor.Kind.RESELLER, "acme", null);
        decide(new AccountCommand.Lift(null, RestrictionClass.LEGAL, "please", reseller));
        assertThat(last.replies().getFirst()).isInstanceOf(Reply.Refused.class);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
    }

    private AccountState open(PlanTerms terms) {
        return AccountFixture.begun(decider, terms, now);
    }

    private static Rule daily(long bytes) {
        return new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, bytes),
                List.of(new Action.Notify(), new Action.Throttle(SLOW)),
                Rule.WINDOW_END);
    }

    private void put(Rule.Owner owner, Rule rule) {
        decide(new AccountCommand.PutRules(owner, List.of(rule), null, ADMIN));
    }

    private void use(long bytes) {
        count(AccountFixture.record("r" + serial++, bytes, now));
    }

    private void count(UsageRecord record) {
        decide(new AccountCommand.CountUsage(record, NETWORK));
    }

    private void report(String tac) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", tac, null, null, now, NETWORK));
    }

    private void resume() {
        decide(new AccountCommand.Resume(TRAVELLER));
    }

    private void tick() {
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        last = decider.decide(state, command, now);
        state = last.state();
    }

    private long warnings() {
        return last.effects().stream()
                .filter(each -> each instanceof Effect.EventRaised event
                        && event.type().equals("usage.threshold_reached")
                        && Integer.valueOf(80).equals(event.data().get("percent")))
                .count();
    }
}
