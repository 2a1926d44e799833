package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An app that uploads through the night, after two weeks of ordinary days. */
class DrainWatchTest {
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");

    private final Decider decider = new Decider(
            DrainDetector.shipped(),
            at -> Population.shipped(),
            () -> new BlockList(1, Set.of("dns:botnet", "app:miner")));
    private final Random random = new Random(5);
    private final List<Effect> effects = new ArrayList<>();
    private AccountState state = open(terms(DrainTerms.DEFAULT));
    private int serial;
    private String device;

    @Test
    void uploadThroughTheNightSuspendsAndSupportRestores() {
        ordinaryDays(14);
        assertThat(alarms()).as("false alarms in two ordinary weeks").isEmpty();
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        for (int i = 0; i < 60 && state.policy().level() != Level.SUSPENDED_DATA; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).startsWith("drain.");
        assertThat(alarms().getFirst().action())
                .as("one signal alone slows at first")
                .isEqualTo("throttle");
        Effect.AlarmRaised alarm = alarms().getLast();
        assertThat(alarm.action()).isEqualTo("suspend");
        assertThat(alarm.alarm().observedBytes())
                .isGreaterThan(alarm.alarm().expectedBytes().highBytes());
        decide(new AccountCommand.TopUp(GB, "p1", "1 GB", ADMIN), night);
        decide(new AccountCommand.Resume(ADMIN), night);
        assertThat(state.policy().level())
                .as("buying or resuming does not feed the leak")
                .isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.Credit(500 * MB, "case-1", "lost to a drain", ADMIN), night);
        decide(new AccountCommand.Lift(null, RestrictionClass.DRAIN, "app removed", ADMIN), night);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aTravellersRuleMayPauseAtAnAlarmThatOnlySlows() {
        putPauseAtAlarm(Rule.Owner.USER);
        drainUntilHeld(Level.SUSPENDED_DATA);
        assertThat(alarms().getLast().action()).isEqualTo("throttle");
        assertThat(state.policy().reasonCode()).isEqualTo("user.alarm");
    }

    @Test
    void whatARuleDoesAtAnAlarmEndsWithThatWasMe() {
        putPauseAtAlarm(Rule.Owner.USER);
        drainUntilHeld(Level.SUSPENDED_DATA);
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(1, true, ADMIN), at);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        drainOn(at, 60);
        assertThat(alarms()).as("told").hasSizeGreaterThan(1);
        assertThat(state.policy().level()).as("not held again").isEqualTo(Level.NORMAL);
    }

    @Test
    void whatAResellersRuleDoesAtAnAlarmEndsWithItsCase() {
        putPauseAtAlarm(Rule.Owner.RESELLER);
        drainUntilHeld(Level.SUSPENDED_DATA);
        decide(new AccountCommand.LiftIncident(1, "a film", ADMIN), lastDrain().plusSeconds(60));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.restrictions()).isEmpty();
    }

    @Test
    void whatAnOperatorsRuleDoesAtAnAlarmIsNotAResellersToEnd() {
        putPauseAtAlarm(Rule.Owner.OPERATOR);
        drainUntilHeld(Level.SUSPENDED_DATA);
        Actor reseller = new Actor(Actor.Kind.RESELLER, "shop", null);
        decide(new AccountCommand.AlarmFeedback(1, true, reseller), lastDrain().plusSeconds(60));
        assertThat(state.policy().reasonCode()).isEqualTo("operator.alarm");
    }

    @Test
    void whatARuleDoesAtAnAlarmEndsWhereTheAppWasRemoved() {
        putPauseAtAlarm(Rule.Owner.RESELLER);
        drainUntilHeld(Level.SUSPENDED_DATA);
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(1, false, ADMIN), at);
        decide(new AccountCommand.DrainRemoved(1, ADMIN), at);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    private void putPauseAtAlarm(Rule.Owner owner) {
        String rule = """
                [{"id": "drain", "when": {"event": "alarm"}, "then": [{"do": "pause"}], "until": "manual"}]
                """;
        decide(new AccountCommand.PutRules(owner, RuleJson.readStored(rule, owner), null, ADMIN), START);
    }

    @Test
    void aHoldEndsByItselfAndReturnsWhileItStillDrains() {
        drainUntilHeld(Level.THROTTLED);
        int told = alarms().size();
        Instant released = START.plus(Duration.ofDays(15)).plus(Duration.ofHours(12));
        decide(new AccountCommand.Tick(ADMIN), released);
        assertThat(state.policy().level()).as("released after a day").isEqualTo(Level.NORMAL);
        for (int i = 0; i < 60 && state.policy().level() == Level.NORMAL; i++) {
            use(released.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(state.policy().level()).as("held again").isNotEqualTo(Level.NORMAL);
        assertThat(alarms()).hasSizeGreaterThan(told);
        assertThat(alarms().subList(0, told)).noneMatch(DrainWatchTest::hadRunOut);
        assertThat(alarms().getLast()).matches(DrainWatchTest::hadRunOut, "says that a hold had run out");
    }

    private static boolean hadRunOut(Effect.AlarmRaised alarm) {
        return Boolean.TRUE.equals(alarm.recent().get(Effect.AlarmRaised.HOLD_HAD_RUN_OUT));
    }

    @Test
    void whatIsTooWeakToBeHeldAgainIsNotToldWithEachRecord() {
        state = open(terms(new DrainTerms(1.3, 1.4, true, 1)));
        drainUntilHeld(Level.THROTTLED);
        int told = alarms().size();
        Instant released = lastDrain().plus(Duration.ofMinutes(61));
        decide(new AccountCommand.Tick(ADMIN), released);
        int weak = 0;
        for (int i = 0; i < 40; i++) {
            use(released.plusSeconds(60L * i), MB, 8 * MB, Category.WEB);
            weak += state.policy().level() == Level.NORMAL ? 1 : 0;
        }
        assertThat(weak).isGreaterThan(30);
        assertThat(alarms()).hasSizeLessThanOrEqualTo(told + 1);
    }

    @Test
    void whatAPersonLiftedIsNotHeldAgainInTheSameIncident() {
        drainUntilHeld(Level.SUSPENDED_DATA);
        int incident = alarms().getLast().alarm().incidentId();
        Instant later = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(7));
        decide(new AccountCommand.Lift(null, RestrictionClass.DRAIN, "known", ADMIN), later);
        for (int i = 0; i < 30; i++) {
            use(later.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(alarms().getLast().alarm().incidentId()).isEqualTo(incident);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aKnownBadDestinationIsToldOnceADayAndSlowed() {
        ordinaryDays(1);
        Instant at = START.plus(Duration.ofDays(1)).plus(Duration.ofHours(9));
        for (int i = 0; i < 5; i++) {
            decide(new AccountCommand.CountUsage(to("dns:Botnet", at.plusSeconds(i)), NETWORK), at.plusSeconds(i));
        }
        assertThat(events("anomaly.bad_destination")).hasSize(1);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        assertThat(state.policy().reasonCode()).isEqualTo("drain.destination");
        Instant next = at.plus(Duration.ofHours(25));
        decide(new AccountCommand.CountUsage(to("dns:botnet", next), NETWORK), next);
        assertThat(events("anomaly.bad_destination")).hasSize(2);
    }

    @Test
    void aKnownBadDestinationThatIsReachedAllTheTimeIsToldDailyAndStaysSlow() {
        ordinaryDays(1);
        Instant first = START.plus(Duration.ofDays(1)).plus(Duration.ofHours(9));
        for (int hour = 0; hour < 72; hour++) {
            reachBotnet(first.plus(Duration.ofHours(hour)));
            assertThat(state.policy().level()).as("hour %d", hour).isEqualTo(Level.THROTTLED);
        }
        assertThat(events("anomaly.bad_destination")).hasSize(3);
        assertThat(alarms())
                .filteredOn(each -> Boolean.TRUE.equals(each.recent().get(Effect.AlarmRaised.TOLD_AGAIN)))
                .as("each day opens a settled one")
                .hasSize(3);
    }

    @Test
    void aKnownBadDestinationIsSlowedAgainWhenAShortHoldHasRunOut() {
        state = open(terms(new DrainTerms(1, 1, true, 1)));
        Instant first = START.plus(Duration.ofHours(9));
        for (int hour = 0; hour < 20; hour++) {
            reachBotnet(first.plus(Duration.ofMinutes(70L * hour)));
            assertThat(state.policy().level()).as("try %d", hour).isEqualTo(Level.THROTTLED);
        }
        assertThat(events("anomaly.bad_destination")).hasSize(1);
    }

    @Test
    void whatAPersonLiftedIsNotSlowedForTheSameDestinationOnThatDay() {
        Instant first = START.plus(Duration.ofHours(9));
        reachBotnet(first);
        decide(
                new AccountCommand.Lift("drain:destination", null, "a test of the firm's own", ADMIN),
                first.plusSeconds(60));
        for (int hour = 1; hour < 24; hour++) {
            reachBotnet(first.plus(Duration.ofHours(hour)));
            assertThat(state.policy().level()).as("hour %d", hour).isEqualTo(Level.NORMAL);
        }
        reachBotnet(first.plus(Duration.ofHours(25)));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        assertThat(events("anomaly.bad_destination")).hasSize(2);
    }

    @Test
    void aRecordOfDaysAgoToAKnownBadDestinationIsToldAndSlowsNothingToday() {
        Instant at = START.plus(Duration.ofDays(3)).plus(Duration.ofHours(9));
        decide(new AccountCommand.CountUsage(to("dns:botnet", START.plus(Duration.ofHours(9))), NETWORK), at);
        assertThat(events("anomaly.bad_destination")).hasSize(1);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        reachBotnet(at.plusSeconds(60));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    private void reachBotnet(Instant at) {
        decide(new AccountCommand.CountUsage(to("dns:botnet", at), NETWORK), at);
    }

    @Test
    void aDestinationThatIsNotListedChangesNothing() {
        Instant at = START.plus(Duration.ofHours(9));
        decide(new AccountCommand.CountUsage(to("dns:news", at), NETWORK), at);
        assertThat(events("anomaly.bad_destination")).isEmpty();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aChangeOfDeviceWithinADayIsTheSecondSignal() {
        device = "a1".repeat(16);
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        device = "b2".repeat(16);
        for (int i = 0; i < 60 && state.policy().level() != Level.SUSPENDED_DATA; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(events("device.changed")).hasSize(1);
        assertThat(alarms().getFirst().action()).isEqualTo("suspend");
        assertThat(alarms().getFirst().recent().get("signals")).isEqualTo(List.of("device_changed"));
    }

    @Test
    void aChangeOfDeviceTwoDaysAgoIsNone() {
        device = "a1".repeat(16);
        ordinaryDays(1);
        device = "b2".repeat(16);
        drainUntilHeld(Level.THROTTLED);
        assertThat(events("device.changed")).hasSize(1);
        assertThat(alarms().getFirst().action()).isEqualTo("throttle");
    }

    private void slowedAtTheFirstAlarm() {
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        drainToTheFirstAlarm(night);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void aSecondSignalThatComesAfterTheAlarmSuspends() {
        slowedAtTheFirstAlarm();
        double score = alarms().getFirst().alarm().score();
        reachBotnet(lastDrain().plusSeconds(60));
        use(lastDrain().plusSeconds(30), 20 * MB, 2 * MB, Category.OTHER);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        Effect.AlarmRaised last = alarms().getLast();
        assertThat(last.recent().get("signals")).isEqualTo(List.of("destination"));
        assertThat(last.alarm().score()).as("no growth").isLessThan(score + 0.25);
        int suspended = alarms().size();
        drainOn(lastDrain().plusSeconds(30), 20);
        assertThat(alarms()).as("told again where it grows").hasSizeLessThan(suspended + 5);
    }

    @Test
    void anotherDeviceAfterTheAlarmSuspends() {
        device = "a1".repeat(16);
        slowedAtTheFirstAlarm();
        device = "b2".repeat(16);
        use(lastDrain().plusSeconds(300), 90 * MB, 2 * MB, Category.OTHER);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(alarms().getLast().recent().get("signals")).isEqualTo(List.of("device_changed"));
    }

    @Test
    void aSecondSignalAfterTheTravellerSaidThatItWasMeantChangesNothing() {
        device = "a1".repeat(16);
        slowedAtTheFirstAlarm();
        decide(new AccountCommand.AlarmFeedback(1, true, ADMIN), lastDrain().plusSeconds(30));
        device = "b2".repeat(16);
        use(lastDrain().plusSeconds(300), 90 * MB, 2 * MB, Category.OTHER);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void anAlarmThatCreepsUpToAGradeIsHeldWithoutBeingToldAgainAndAgain() {
        state = open(terms(new DrainTerms(1.15, 10, true, 24)));
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        for (int i = 0; i < 60 && state.policy().level() == Level.NORMAL; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(alarms()).extracting(Effect.AlarmRaised::action).containsExactly("ask", "throttle");
        assertThat(alarms().getLast().alarm().score()).isBetween(1.15, 1.25);
    }

    @Test
    void aSleepGuardIsNoSecondSignalByDay() {
        ordinaryDays(14);
        Instant noon = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(11));
        decide(new AccountCommand.SetBackground(new Background(Background.Mode.NIGHT, 0), ADMIN), noon);
        drainToTheFirstAlarm(noon);
        assertThat(alarms().getFirst().alarm().score()).isLessThan(DrainTerms.CERTAIN_SCORE);
        assertThat(signals()).isEmpty();
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void aSleepGuardIsASecondSignalByNight() {
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        decide(new AccountCommand.SetBackground(new Background(Background.Mode.NIGHT, 0), ADMIN), night);
        drainToTheFirstAlarm(night);
        assertThat(signals()).isEqualTo(List.of("background_off"));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void aSwitchOfOneCategoryIsNoSecondSignalForAnother() {
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        Background cloud = new Background(Background.Mode.OFF, 0, List.of("cloud"));
        decide(new AccountCommand.SetBackground(cloud, ADMIN), night);
        drainToTheFirstAlarm(night);
        assertThat(signals()).isEmpty();
    }

    @Test
    void aDayThatWentOverItsVolumeIsNoSecondSignalOnAnother() {
        state = open(AccountFixture.terms(
                        20 * GB,
                        new AfterQuota.Throttle(Speed.both(384)),
                        Validity.days(60, Validity.StartMode.ON_ORDER),
                        DrainPolicy.SUSPEND)
                .with(new Renewal(Renewal.Every.DAY, 0)));
        use(START.plus(Duration.ofHours(9)), MB, 19 * GB, Category.VIDEO);
        use(START.plus(Duration.ofHours(10)), MB, 2 * GB, Category.VIDEO);
        assertThat(state.beyondBytes()).isPositive();
        ordinaryDays(14);
        drainToTheFirstAlarm(START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1)));
        assertThat(signals()).isEmpty();
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    /** The rest of an evening of films at 384 kbit/s. */
    @Test
    void aVolumeThatIsUsedUpAndSlowedIsNoSecondSignal() {
        state = open(AccountFixture.terms(
                GB,
                new AfterQuota.Throttle(Speed.both(384)),
                Validity.days(60, Validity.StartMode.ON_ORDER),
                DrainPolicy.SUSPEND));
        ordinaryDays(14);
        assertThat(state.beyondBytes()).isPositive();
        drainToTheFirstAlarm(START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1)));
        assertThat(signals()).isEmpty();
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void aDrainTouchesTheBundleByWhatTheBundleBore() {
        assertThat(Signal.isQuotaAtStake(200 * MB, GB, 700 * MB)).isTrue();
        assertThat(Signal.isQuotaAtStake(200 * MB, 3 * GB, 100 * MB)).isTrue();
        assertThat(Signal.isQuotaAtStake(90 * MB, GB, 700 * MB)).isFalse();
        assertThat(Signal.isQuotaAtStake(200 * MB, GB, 0)).as("used up").isFalse();
        assertThat(Signal.isQuotaAtStake(MB, 0, 0))
                .as("where no bucket is meant")
                .isFalse();
        assertThat(Signal.isQuotaAtStake(700 * MB, GB, 950 * MB))
                .as("taken in the window before")
                .isFalse();
    }

    @Test
    void useThatCostsMoneyIsASecondSignal() {
        state = open(AccountFixture.terms(
                        GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER), DrainPolicy.SUSPEND)
                .with(new Overage("EUR", 1, 1_000_000, 1_000_000)));
        decide(new AccountCommand.AgreeOverage(0, "v1", ADMIN), START);
        ordinaryDays(14);
        assertThat(state.beyondBytes()).isPositive();
        drainToTheFirstAlarm(START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1)));
        assertThat(signals().getFirst()).isEqualTo("money");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    private List<?> signals() {
        return (List<?>) alarms().getFirst().recent().get("signals");
    }

    private void drainToTheFirstAlarm(Instant from) {
        for (int i = 0; alarms().isEmpty(); i++) {
            assertThat(i).as("records without an alarm").isLessThan(200);
            use(from.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
    }

    @Test
    void theSameAnswerOnceMoreIsRepeatedAndMakesTheDetectorNoMoreTolerant() {
        assertThat(decide(new AccountCommand.AlarmFeedback(1, true, ADMIN), START))
                .as("there is no alarm")
                .isInstanceOf(Reply.Refused.class);
        drainUntilHeld(Level.THROTTLED);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(7));
        assertThat(decide(new AccountCommand.AlarmFeedback(incident, true, ADMIN), at))
                .isEqualTo(Reply.DONE);
        byte[] answered = state.drain().open().toBytes();
        for (int press = 0; press < 4; press++) {
            assertThat(decide(new AccountCommand.AlarmFeedback(incident, true, ADMIN), at))
                    .isEqualTo(Reply.REPEATED);
        }
        assertThat(state.drain().open().toBytes()).isEqualTo(answered);
        assertThat(events("anomaly.explained")).hasSize(1);

        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), at);
        decide(new AccountCommand.AlarmFeedback(incident, true, ADMIN), at);
        assertThat(state.drain().open().toBytes())
                .as("another answer takes the place of the one before")
                .isEqualTo(answered);
    }

    @Test
    void answerToAnEarlierAlarmIsNotedAndLeavesTheHoldOfTheLaterOne() {
        drainUntilHeld(Level.THROTTLED);
        int first = alarms().getLast().alarm().incidentId();
        Instant quiet = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(7));
        quiet = quiet.plus(Duration.ofHours(64));
        use(quiet, 1_000, 2_000, Category.WEB);
        for (int i = 1; alarms().getLast().alarm().incidentId() == first || !holds(first + 1); i++) {
            assertThat(i).as("records until the next incident is held").isLessThan(200);
            use(quiet.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        Instant at = quiet.plus(Duration.ofHours(17));
        byte[] before = state.drain().open().toBytes();
        decide(new AccountCommand.AlarmFeedback(first, true, ADMIN), at);
        decide(new AccountCommand.LiftIncident(first, "a film", ADMIN), at);
        assertThat(holds(first)).isFalse();
        assertThat(holds(first + 1)).isTrue();
        assertThat(state.drain().open().toBytes()).as("nothing is learned").isEqualTo(before);
        assertThat(effects.stream()
                        .filter(Effect.AlarmAnswered.class::isInstance)
                        .map(Effect.AlarmAnswered.class::cast))
                .extracting(Effect.AlarmAnswered::incident, Effect.AlarmAnswered::meant)
                .containsExactly(tuple(first, true));

        decide(new AccountCommand.LiftIncident(first + 1, "a film, too", ADMIN), at);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void whatWasCalledMeantIsNotHeldWhileItGoesOn() {
        drainUntilHeld(Level.THROTTLED);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(incident, true, ADMIN), at);
        drainOn(at, 60);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.drain().open().incident()).isEqualTo(incident);
        assertThat(events("anomaly.opened")).hasSize(1);
    }

    @Test
    void anAlarmThatOnlyAskedAndWasCalledMeantIsNotHeldWhenItGrows() {
        state = open(terms(new DrainTerms(1.2, 1.2, false, 24)));
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        for (int i = 0; alarms().isEmpty(); i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(alarms().getFirst().action()).isEqualTo("ask");
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(1, true, ADMIN), at);
        drainOn(at, 150);
        assertThat(alarms()).as("it has grown").hasSizeGreaterThan(1);
        assertThat(alarms().getLast().action()).isEqualTo("notify");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void whatWasCalledADrainStaysOneIncident() {
        drainUntilHeld(Level.THROTTLED);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), at);
        drainOn(at, 5);
        assertThat(alarms()).extracting(each -> each.alarm().incidentId()).containsOnly(incident);
        assertThat(events("anomaly.opened")).hasSize(1);
        assertThat(holds(incident)).isTrue();
    }

    @Test
    void whoRemovedWhatDrainedHasDataOnAgainOnceAndIsHeldWhenItGoesOn() {
        drainUntilHeld(Level.SUSPENDED_DATA);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = lastDrain().plusSeconds(60);
        assertThat(decide(new AccountCommand.DrainRemoved(incident, ADMIN), at))
                .as("nobody has said that it was a drain")
                .isInstanceOf(Reply.Refused.class);
        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), at);
        assertThat(decide(new AccountCommand.DrainRemoved(incident, ADMIN), at)).isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        for (int minute = 10; minute < 180; minute += 20) {
            use(at.plus(Duration.ofMinutes(minute)), MB / 2, 8 * MB, Category.WEB);
            assertThat(state.policy().level()).as("minute %d", minute).isEqualTo(Level.NORMAL);
        }
        Instant later = at.plus(Duration.ofHours(25));
        for (int i = 0; i < 200 && state.policy().level() == Level.NORMAL; i++) {
            use(later.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(holds(incident)).as("it went on").isTrue();
        assertThat(alarms().getLast().recent().get(Effect.AlarmRaised.WENT_ON)).isEqualTo(true);
        assertThat(decide(
                        new AccountCommand.DrainRemoved(incident, ADMIN),
                        lastDrain().plusSeconds(60)))
                .as("once for each alarm")
                .isInstanceOf(Reply.Refused.class);
        decide(
                new AccountCommand.AlarmFeedback(incident, true, ADMIN),
                lastDrain().plusSeconds(60));
        assertThat(state.policy().level()).as("it was me after all").isEqualTo(Level.NORMAL);
    }

    @Test
    void whoRemovedWhatReachedABadDestinationIsSlowedWhenItIsReachedAgain() {
        Instant first = START.plus(Duration.ofHours(9));
        reachBotnet(first);
        int incident = alarms().getLast().alarm().incidentId();
        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), first.plusSeconds(30));
        assertThat(decide(new AccountCommand.DrainRemoved(incident, ADMIN), first.plusSeconds(60)))
                .isEqualTo(Reply.DONE);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        reachBotnet(first.plusSeconds(900));
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void whatWasOnlyAskedAndCalledADrainIsSlowedWhereThePlanSlows() {
        state = open(terms(new DrainTerms(1.9, 1.9, true, 24)));
        ordinaryDays(14);
        drainToTheFirstAlarm(START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1)));
        assertThat(alarms().getFirst().action()).isEqualTo("ask");
        decide(new AccountCommand.AlarmFeedback(1, false, ADMIN), lastDrain().plusSeconds(60));
        use(lastDrain().plusSeconds(300), 90 * MB, 2 * MB, Category.OTHER);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
    }

    @Test
    void whatSupportCreditedAndLiftedIsNotHeldAgainByTheHoursBefore() {
        drainUntilHeld(Level.SUSPENDED_DATA);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), at);
        decide(new AccountCommand.LiftIncident(incident, "app removed", ADMIN), at);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        for (int minute = 10; minute < 180; minute += 20) {
            use(at.plus(Duration.ofMinutes(minute)), MB / 2, 8 * MB, Category.WEB);
            assertThat(state.policy().level()).as("minute %d", minute).isEqualTo(Level.NORMAL);
        }
        assertThat(events("anomaly.opened")).hasSize(1);
    }

    @Test
    void whatSupportLiftedAfterItsHoldRanOutIsNotHeldAgain() {
        drainUntilHeld(Level.THROTTLED);
        int incident = alarms().getLast().alarm().incidentId();
        Instant released = lastDrain().plus(Duration.ofHours(25));
        decide(new AccountCommand.Tick(ADMIN), released);
        assertThat(holds(incident)).isFalse();
        assertThat(decide(new AccountCommand.LiftIncident(incident, "app removed", ADMIN), released))
                .isInstanceOf(Reply.Refused.class);
        drainOn(released, 30);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void whatWasCalledMeantByMistakeMayBeHeldAgain() {
        drainUntilHeld(Level.THROTTLED);
        int incident = alarms().getLast().alarm().incidentId();
        Instant at = lastDrain().plusSeconds(60);
        decide(new AccountCommand.AlarmFeedback(incident, true, ADMIN), at);
        decide(new AccountCommand.AlarmFeedback(incident, false, ADMIN), at);
        drainOn(at, 60);
        assertThat(holds(incident)).isTrue();
    }

    /** Noon in Tokyo is the middle of the night where the order came from. */
    @Test
    void daysFarFromTheAccountsTimeZoneAreDays() {
        for (int day = 1; day < 8; day++) {
            Instant midnight = START.plus(Duration.ofDays(day)).minus(Duration.ofHours(9));
            for (int minutes = 7 * 60; minutes < 23 * 60; minutes += 10 + random.nextInt(30)) {
                Instant at = midnight.plus(Duration.ofMinutes(minutes));
                Category category = random.nextBoolean() ? Category.SOCIAL : Category.WEB;
                UsageRecord record = AccountFixture.traffic(
                        "j" + serial++, at, random.nextLong(MB), MB + random.nextLong(60 * MB), category);
                decide(new AccountCommand.CountUsage(abroad(record, "440-10", "JP"), NETWORK), at);
            }
        }
        assertThat(alarms()).isEmpty();
        assertThat(state.drain().open().band(Population.shipped()).offsetMinutes())
                .hasValue(540);
    }

    private static UsageRecord abroad(UsageRecord record, String plmn, String country) {
        return new UsageRecord(
                record.source(),
                record.key(),
                record.meaning(),
                null,
                64,
                record.eventStart(),
                record.eventEnd(),
                record.receivedAt(),
                record.upBytes(),
                record.downBytes(),
                plmn,
                country,
                null,
                "NR",
                record.category());
    }

    private Instant lastDrain() {
        return alarms().getLast().at();
    }

    private void drainOn(Instant from, int records) {
        for (int i = 0; i < records; i++) {
            use(from.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
    }

    private boolean holds(int incident) {
        return state.restrictions().stream().anyMatch(each -> each.id().equals("drain:" + incident));
    }

    private void drainUntilHeld(Level level) {
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        for (int i = 0; i < 60 && state.policy().level() != level; i++) {
            use(night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(state.policy().level()).isEqualTo(level);
    }

    private UsageRecord to(String destinationClass, Instant at) {
        return new UsageRecord(
                "net-a",
                "d" + serial++,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                at,
                at,
                at,
                1_000,
                1_000,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB,
                destinationClass,
                null);
    }

    private List<Effect.EventRaised> events(String type) {
        return effects.stream()
                .filter(Effect.EventRaised.class::isInstance)
                .map(Effect.EventRaised.class::cast)
                .filter(event -> event.type().equals(type))
                .toList();
    }

    private void ordinaryDays(int days) {
        for (int day = 0; day < days; day++) {
            for (int hour = 8; hour < 23; hour++) {
                Instant at = START.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour - 1));
                use(
                        at.plusSeconds(random.nextInt(3_000)),
                        random.nextLong(MB),
                        MB + random.nextLong(15 * MB),
                        Category.WEB);
            }
        }
    }

    private void use(Instant at, long up, long down, Category category) {
        decide(
                new AccountCommand.CountUsage(
                        AccountFixture.traffic("r" + serial++, at, up, down, category)
                                .inDevice(device),
                        NETWORK),
                at);
    }

    private Reply decide(AccountCommand command, Instant now) {
        Decision decision = decider.decide(state, command, now);
        effects.addAll(decision.effects());
        state = decision.state();
        return decision.replies().getFirst();
    }

    private List<Effect.AlarmRaised> alarms() {
        return effects.stream()
                .filter(Effect.AlarmRaised.class::isInstance)
                .map(Effect.AlarmRaised.class::cast)
                .toList();
    }

    @Test
    void aPlanOfADayIsHeldForAQuarterOfItAtMost() {
        assertThat(DrainTerms.DEFAULT.hold(Validity.days(7, Validity.StartMode.ON_ORDER)))
                .isEqualTo(Duration.ofDays(1));
        assertThat(new DrainTerms(1, 1, true, 720).hold(Validity.days(4, Validity.StartMode.ON_ORDER)))
                .isEqualTo(Duration.ofDays(1));
        state = open(AccountFixture.terms(
                3 * GB, new AfterQuota.Stop(), Validity.days(1, Validity.StartMode.ON_ORDER), DrainPolicy.SUSPEND));
        drainToTheFirstAlarm(START.plus(Duration.ofHours(2)));
        assertThat(state.policy().level()).isNotEqualTo(Level.NORMAL);
        decide(new AccountCommand.Tick(ADMIN), lastDrain().plus(Duration.ofHours(6)));
        assertThat(state.restrictions()).noneMatch(each -> each.restrictionClass() == RestrictionClass.DRAIN);
    }

    /** A file of yesterday's records. */
    @Test
    void aHoldBeginsWithTheUseThatItIsFor() {
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        Instant file = night.plus(Duration.ofHours(20));
        for (int i = 0; alarms().isEmpty(); i++) {
            late(night.plusSeconds(300L * i), file);
        }
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        decide(new AccountCommand.Tick(ADMIN), night.plus(Duration.ofHours(26)));
        assertThat(state.policy().level()).as("a day after it was used").isEqualTo(Level.NORMAL);
    }

    @Test
    void aDrainWhoseHoldWouldBeOverIsAskedFor() {
        state = open(terms(new DrainTerms(1, 1, false, 6)));
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        Instant file = night.plus(Duration.ofHours(12));
        for (int i = 0; i < 40; i++) {
            late(night.plusSeconds(300L * i), file);
        }
        assertThat(alarms())
                .isNotEmpty()
                .hasSizeLessThan(5)
                .extracting(Effect.AlarmRaised::action)
                .containsOnly("ask");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        for (int i = 0; i < 40 && state.policy().level() == Level.NORMAL; i++) {
            use(file.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
        assertThat(state.policy().level()).as("it goes on today").isEqualTo(Level.SUSPENDED_DATA);
    }

    private void late(Instant usedAt, Instant now) {
        decide(
                new AccountCommand.CountUsage(
                        AccountFixture.traffic("l" + serial++, usedAt, 90 * MB, 2 * MB, Category.OTHER), NETWORK),
                now);
    }

    /** What drained first is not let go because something else drains now, and nothing gets faster. */
    @Test
    void aHoldThatGrowsKeepsWhatItHeldBefore() {
        state = open(AccountFixture.terms(
                        100 * GB,
                        new AfterQuota.Stop(),
                        Validity.days(60, Validity.StartMode.ON_ORDER),
                        DrainPolicy.SUSPEND_CATEGORY)
                .with(new DrainTerms(1, 1.4, true, 24)));
        ordinaryDays(14);
        Instant night = START.plus(Duration.ofDays(14)).plus(Duration.ofHours(1));
        Set<String> blocked = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            boolean cloud = i < 20;
            use(
                    night.plusSeconds(300L * i),
                    cloud ? 90 * MB : 180 * MB,
                    2 * MB,
                    cloud ? Category.CLOUD : Category.VIDEO);
            alarms().stream()
                    .filter(each -> each.action().equals("suspend_category"))
                    .forEach(each -> blocked.add(each.alarm().category().word()));
            assertThat(state.policy().blockedCategories()).containsExactlyElementsOf(blocked);
            if (!alarms().isEmpty() && alarms().getFirst().action().equals("throttle")) {
                assertThat(state.policy().speed()).as("record %d", i).isEqualTo(PlanTerms.DRAIN_SPEED);
            }
        }
        assertThat(alarms()).extracting(each -> each.alarm().incidentId()).containsOnly(1);
        assertThat(alarms().getFirst().action()).isEqualTo("throttle");
        assertThat(blocked).containsExactly("cloud", "video");
        Instant later = lastDrain().plusSeconds(60);
        decide(new AccountCommand.LiftIncident(1, "app removed", ADMIN), later);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        drainOn(later, 20);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    private static PlanTerms terms(DrainTerms drainTerms) {
        return AccountFixture.terms(
                        100 * GB,
                        new AfterQuota.Stop(),
                        Validity.days(60, Validity.StartMode.ON_ORDER),
                        DrainPolicy.SUSPEND)
                .with(drainTerms);
    }

    private AccountState open(PlanTerms terms) {
        return AccountFixture.begun(decider, terms, START);
    }
}
