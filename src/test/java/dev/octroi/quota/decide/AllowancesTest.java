package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Late;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Volumes that expire, renew and carry over, by examples; the simulation has the rest. */
class AllowancesTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-23T23:00:00Z");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = open(daily(0));
    private Decision last;
    private int serial;

    @Test
    void dailyVolumeComesAnewAtTheTravellersMidnight() {
        use(GB, now);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        assertThat(state.policy().until().moment()).isEqualTo(MIDNIGHT);
        assertThat(NextMoment.of(state)).isEqualTo(MIDNIGHT);
        now = MIDNIGHT;
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.buckets().getFirst().remainingBytes()).isEqualTo(GB);
        assertThat(state.buckets().getFirst().takenBytes()).isEqualTo(GB);
    }

    @Test
    void lateRecordOfYesterdayTakesWhatYesterdayLeft() {
        use(400 * MB, now);
        now = MIDNIGHT.plusSeconds(60);
        use(700 * MB, MIDNIGHT.minusSeconds(60));
        assertThat(state.buckets().getFirst().remainingBytes())
                .as("today is untouched")
                .isEqualTo(GB);
        assertThat(state.usedBytes()).isEqualTo(GB);
        assertThat(state.beyondBytes()).isEqualTo(100 * MB);
    }

    @Test
    void whatEndedBeforeTheRecordThatBeganThePlanIsOfItsFirstWindow() {
        PlanTerms terms = AccountFixture.terms(
                        GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_FIRST_USE))
                .with(new Renewal(Renewal.Every.DAY, 0));
        state = open(terms);
        now = now.plus(Duration.ofHours(1));
        use(5 * MB, now);
        use(900 * MB, now.minus(Duration.ofMinutes(10)));
        assertThat(state.usedBytes()).isEqualTo(905 * MB);
        assertThat(state.beyondBytes()).isZero();
        assertThat(last.effects()).as("nothing came late").noneMatch(Effect.LateCounted.class::isInstance);

        Instant early = now.minus(Duration.ofMinutes(20));
        now = MIDNIGHT.plusSeconds(60);
        use(100 * MB, early);
        assertThat(last.effects())
                .filteredOn(Effect.LateCounted.class::isInstance)
                .as("of what the first day left")
                .containsExactly(new Effect.LateCounted(Late.LAST_WINDOW, 95 * MB, 5 * MB));
    }

    @Test
    void lateRecordOfAnOlderDayTakesNothingOfTodayAndIsNeverCharged() {
        state = open(daily(0).with(new Overage("EUR", 10_000, 8_000, 5_000)));
        decide(new AccountCommand.AgreeOverage(0, "words", ADMIN));
        now = now.plusSeconds(60);
        Instant old = now.plusSeconds(60);
        now = MIDNIGHT.plus(Duration.ofDays(1)).plusSeconds(60);
        use(700 * MB, old);
        assertThat(state.buckets().getFirst().remainingBytes())
                .as("today is untouched")
                .isEqualTo(GB);
        assertThat(state.beyondBytes()).isEqualTo(700 * MB);
        assertThat(state.charges().minor())
                .as("what that day had left nobody knows")
                .isZero();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);

        Instant yesterday = MIDNIGHT.plusSeconds(60);
        use(1_100 * MB, yesterday);
        assertThat(state.buckets().getFirst().remainingBytes()).isEqualTo(GB);
        assertThat(state.charges().minor())
                .as("100 MB beyond yesterday's volume")
                .isEqualTo(1_000);
        assertThat(last.effects())
                .filteredOn(Effect.LateCounted.class::isInstance)
                .containsExactly(new Effect.LateCounted(Late.LAST_WINDOW, GB, 100 * MB));
    }

    @Test
    void lateRecordOfAnOlderDayTakesNothingOfALaterTopUp() {
        use(400 * MB, now);
        Instant old = now.plusSeconds(60);
        now = MIDNIGHT.plus(Duration.ofDays(1)).plusSeconds(60);
        decide(new AccountCommand.TopUp(GB, "t-1", "more", ADMIN));
        decide(new AccountCommand.Credit(new Grant(GB, 0, 1, "c-1", "sorry"), ADMIN));
        use(500 * MB, old);
        assertThat(state.buckets()).extracting(Bucket::remainingBytes).containsExactly(GB, GB, GB);
        assertThat(state.beyondBytes()).isEqualTo(500 * MB);
        use(1_500 * MB, MIDNIGHT.plusSeconds(60));
        assertThat(state.buckets())
                .extracting(Bucket::remainingBytes)
                .as("a day that is remembered: what it left, then the purchases")
                .containsExactly(GB, GB, 500 * MB);
    }

    @Test
    void lateRecordOfAPlanThatHasEndedTakesWhatItLeftAndIsFree() {
        state = open(daily(0).with(new Overage("EUR", 10_000, 8_000, 5_000)));
        decide(new AccountCommand.AgreeOverage(0, "words", ADMIN));
        now = now.plusSeconds(60);
        Instant endsAt = Objects.requireNonNull(state.endsAt());
        now = endsAt.plusSeconds(60);
        use(1_500 * MB, endsAt.minusSeconds(60));
        assertThat(state.usedBytes()).isEqualTo(GB);
        assertThat(state.beyondBytes()).isEqualTo(500 * MB);
        assertThat(state.charges().minor()).isZero();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.ended");
    }

    @Test
    void lateRecordsOfOneBatchAreToldOnce() {
        now = MIDNIGHT.plusSeconds(60);
        List<AccountCommand> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.add(new AccountCommand.CountUsage(
                    AccountFixture.record("late" + i, 10 * MB, MIDNIGHT.minusSeconds(60)), NETWORK));
        }
        Decision decision = decider.decide(state, records, now);
        assertThat(decision.effects())
                .filteredOn(each ->
                        each instanceof Effect.EventRaised event && event.type().equals("usage.corrected"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.EventRaised.class,
                        event -> assertThat(event.data())
                                .containsEntry("period", "last_window")
                                .containsEntry("records", 5L)
                                .containsEntry("takenBytes", 50 * MB));
    }

    @Test
    void whatIsNotUsedStaysForOneMoreDayUpToTheRollover() {
        state = open(daily(300 * MB));
        use(400 * MB, now);
        now = MIDNIGHT;
        tick();
        assertThat(remaining()).isEqualTo(1_300 * MB);
        use(200 * MB, now);
        assertThat(Views.of(state, null, now, null, null).buckets().getFirst().kind())
                .as("what is gone first is spent first")
                .isEqualTo(Bucket.Kind.ROLLOVER);
        assertThat(state.buckets().getFirst().usedBytes()).isZero();
        now = MIDNIGHT.plus(Duration.ofDays(1));
        tick();
        assertThat(remaining()).as("the rest of the rollover is gone").isEqualTo(1_300 * MB);
    }

    @Test
    void topUpWithAnEndIsSpentBeforeThePlanAndGoneAfterIt() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        grant(new Grant(500 * MB, 0, 1, "day-pass", "one day"));
        use(200 * MB, now);
        assertThat(state.buckets().getLast().usedBytes()).isEqualTo(200 * MB);
        Instant end = now.plus(Duration.ofDays(1));
        assertThat(NextMoment.of(state)).isEqualTo(end);
        now = end;
        tick();
        assertThat(remaining()).isEqualTo(GB);
        use(50 * MB, end.minusSeconds(60));
        assertThat(remaining())
                .as("a late record takes what had not expired then")
                .isEqualTo(GB);
        assertThat(state.beyondBytes()).isZero();
    }

    @Test
    void volumeThatExpiresMayBeTheLast() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        use(GB, now);
        grant(new Grant(500 * MB, 0, 1, "day-pass", "one day"));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = now.plus(Duration.ofDays(1));
        tick();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
    }

    @Test
    void warningIsGivenOfWhatIsLeftWhenALargerVolumeHasExpired() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)));
        grant(new Grant(10 * GB, 0, 7, "week", "a week"));
        use(8_800 * MB, now);
        assertThat(warned()).isEqualTo(11 * GB);
        now = now.plus(Duration.ofDays(8));
        use(700 * MB, now);
        assertThat(warned()).as("70 % of what is left").isZero();
        use(100 * MB, now);
        assertThat(warned()).isEqualTo(GB);
        use(100 * MB, now);
        assertThat(warned()).as("once").isZero();
    }

    @Test
    void warningIsGivenOfEachOfTwoVolumesOfOneSize() {
        state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)));
        for (String week : List.of("week-1", "week-2")) {
            grant(new Grant(10 * GB, 0, 7, week, "a week"));
            use(8_800 * MB, now);
            assertThat(warned()).isEqualTo(11 * GB);
            now = now.plus(Duration.ofDays(8));
            tick();
            assertThat(warned()).isZero();
        }
    }

    @Test
    void warningIsGivenAnewWhenThereWasNoVolumeInBetween() {
        state = AccountFixture.refilled(decider, open(daily(0).with((Renewal) null)), 0, now);
        for (String day : List.of("day-1", "day-2")) {
            grant(new Grant(100 * MB, 0, 1, day, "a day"));
            use(90 * MB, now);
            assertThat(warned()).isEqualTo(100 * MB);
            now = now.plus(Duration.ofDays(1));
            tick();
        }
    }

    @Test
    void extensionMovesTheEndAndWhatEndsWithIt() {
        state = open(
                AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(1, Validity.StartMode.ON_ORDER)));
        use(100 * MB, now);
        Instant end = state.endsAt();
        AccountCommand.Credit credit = new AccountCommand.Credit(new Grant(0, 2, 0, "case-7", "Train strike"), ADMIN);
        decide(credit);
        assertThat(state.endsAt()).isEqualTo(end.plus(Duration.ofDays(2)));
        assertThat(state.policy().until().moment()).isEqualTo(state.endsAt());
        decide(credit);
        assertThat(state.endsAt()).as("known by its reference").isEqualTo(end.plus(Duration.ofDays(2)));
        assertThat(state.policy().level()).as("days bring no volume").isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void topUpOfAPlanThatWaitsLastsItsDaysFromTheBeginningOn() {
        Validity installed = Validity.days(30, Validity.StartMode.ON_INSTALL);
        Validity dated = Validity.dates(LocalDate.of(2026, 12, 20), 30, Validity.Unit.DAY);
        for (Validity validity : List.of(installed, dated)) {
            now = Instant.parse("2026-12-01T10:00:00Z");
            state = open(AccountFixture.terms(GB, new AfterQuota.Stop(), validity));
            grant(new Grant(500 * MB, 0, 7, "booster", "7 days"));
            assertThat(state.buckets().getLast().expiresAt()).isNull();
            assertThat(state.buckets().getLast().validDays()).isEqualTo(7);
            now = Instant.parse("2026-12-19T23:00:00Z");
            tick();
            decide(new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, now, ADMIN));
            assertThat(state.startsAt()).isEqualTo(now);
            assertThat(remaining()).isEqualTo(1_500 * MB);
            assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-12-26T23:00:00Z"));
            use(100 * MB, now);
            now = Instant.parse("2026-12-26T23:00:00Z");
            tick();
            assertThat(remaining()).as("400 MB of it are gone").isEqualTo(GB);
        }
    }

    @Test
    void volumeBoughtBeforeALateReportOfTheFirstUseIsNotGoneWhenItComes() {
        Instant firstUse = Instant.parse("2026-12-07T10:00:00Z");
        now = firstUse.minus(Duration.ofDays(3));
        state = open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_FIRST_USE)));
        now = Instant.parse("2026-12-08T18:00:00Z");
        grant(new Grant(500 * MB, 0, 1, "day", "1 day"));
        now = Instant.parse("2026-12-09T10:00:00Z");
        use(100 * MB, firstUse);
        assertThat(state.startsAt()).isBefore(firstUse);
        assertThat(remaining()).isEqualTo(1_400 * MB);
        assertThat(state.buckets().getLast().expiresAt()).isEqualTo(now.plus(Duration.ofDays(1)));
        now = now.plus(Duration.ofDays(1));
        tick();
        assertThat(state.buckets().getLast().remainingBytes()).isZero();
    }

    @Test
    void extensionOfAPlanThatWaitsCountsFromItsBeginning() {
        state = open(
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(1, Validity.StartMode.ON_FIRST_USE)));
        decide(new AccountCommand.Credit(new Grant(0, 2, 0, "case-7", "Train strike"), ADMIN));
        assertThat(Views.of(state, null, now, null, null).period().predictedEndsAt())
                .isEqualTo(now.plus(Duration.ofDays(3)));
        use(MB, now);
        assertThat(Duration.between(state.startsAt(), state.endsAt())).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void extensionOfAPlanWithADateIsInItsEndBeforeItBegins() {
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), Validity.dates(LocalDate.of(2026, 11, 25), 2, Validity.Unit.DAY)));
        decide(new AccountCommand.Credit(new Grant(0, 2, 0, "case-7", "Train strike"), ADMIN));
        Instant promised = Views.of(state, null, now, null, null).period().endsAt();
        assertThat(promised).isEqualTo(Instant.parse("2026-11-28T23:00:00Z"));
        now = Instant.parse("2026-11-25T10:00:00Z");
        tick();
        assertThat(state.endsAt()).isEqualTo(promised);
    }

    @Test
    void extensionDoesNotMakeTheTravellersDayLonger() {
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), Validity.dates(LocalDate.of(2026, 11, 23), 1, Validity.Unit.DAY)));
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, 10 * MB),
                List.of(new Action.Throttle(Speed.both(512))),
                Rule.WINDOW_END);
        decide(new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), null, ADMIN));
        use(10 * MB, now);
        decide(new AccountCommand.Credit(new Grant(0, 2, 0, "case-7", "Train strike"), ADMIN));
        assertThat(state.endsAt()).isAfter(MIDNIGHT);
        assertThat(state.policy().until().moment()).isEqualTo(MIDNIGHT);
    }

    private static PlanTerms daily(long rolloverBytes) {
        return AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                .with(new Renewal(Renewal.Every.DAY, rolloverBytes));
    }

    private AccountState open(PlanTerms terms) {
        return AccountFixture.begun(decider, terms, now);
    }

    /** The size of the volume that the last command warned of; 0: of none. */
    private long warned() {
        return last.effects().stream()
                .filter(each -> each instanceof Effect.EventRaised event
                        && event.type().equals("usage.threshold_reached")
                        && Integer.valueOf(80).equals(event.data().get("percent")))
                .mapToLong(each -> (Long) ((Effect.EventRaised) each).data().get("limitBytes"))
                .sum();
    }

    private long remaining() {
        return state.buckets().stream().mapToLong(Bucket::remainingBytes).sum();
    }

    private void use(long bytes, Instant end) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, end), NETWORK));
    }

    private void grant(Grant grant) {
        decide(new AccountCommand.TopUp(grant, ADMIN));
    }

    private void tick() {
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        last = decider.decide(state, command, now);
        state = last.state();
    }
}
