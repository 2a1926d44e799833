package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static dev.octroi.quota.decide.AccountFixture.PARIS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.FairUse;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.testing.Seeds;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Months, weeks and windows of a plan go on where the traveller's time zone moves: a calendar has each of them once. */
class ZoneMoveTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private static final long LIMIT = 5_000;

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-04-01T10:00:00Z");
    private AccountState state = open(priced());
    private final List<Effect> effects = new ArrayList<>();
    private int serial;

    @ParameterizedTest
    @ValueSource(
            strings = {"America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Pago_Pago", "Pacific/Kiritimati"})
    void limitOfAMonthIsChargedOnceWhereverTheTravellerGoes(String zone) {
        agree();
        passTo("2026-04-10T10:00:00Z");
        use(500 * MB);
        assertThat(state.charges().monthMinor()).isEqualTo(LIMIT);
        assertThat(told()).containsExactly(80, 100);

        passTo("2026-04-15T10:00:00Z");
        move(ZoneId.of(zone));
        assertThat(state.policy().reasonCode()).isEqualTo(OverageWatch.LIMIT);
        use(500 * MB);
        assertThat(state.charges().minor()).isEqualTo(LIMIT);
        assertThat(told()).as("not again").containsExactly(80, 100);
        assertThat(charged()).isEqualTo(LIMIT);

        passTo("2026-04-20T10:00:00Z");
        move(PARIS);
        use(500 * MB);
        assertThat(state.charges().minor()).as("and back").isEqualTo(LIMIT);

        passTo("2026-04-30T22:00:00Z");
        assertThat(state.policy().level()).as("the first of May in Paris").isEqualTo(Level.NORMAL);
        use(10 * MB);
        assertThat(state.charges().minor()).isEqualTo(LIMIT + 100);
    }

    @Test
    void monthEndsWithTheCalendarOfWhereTheTravellerIs() {
        agree();
        use(500 * MB);
        move(NEW_YORK);
        assertThat(state.policy().until().moment()).isEqualTo(Instant.parse("2026-05-01T04:00:00Z"));
        passTo("2026-05-01T03:59:00Z");
        use(MB);
        assertThat(state.charges().minor()).isEqualTo(LIMIT);
        passTo("2026-05-01T04:00:00Z");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);

        use(500 * MB);
        move(TOKYO);
        assertThat(state.policy().until().moment()).isEqualTo(Instant.parse("2026-05-31T15:00:00Z"));
    }

    /** To the east on the last of a month: the first has begun there long ago, and here it has not. */
    @Test
    void whatIsReportedLateOfTheLastDayIsOfItsMonth() {
        now = Instant.parse("2026-01-10T10:00:00Z");
        state = opened(priced(), NEW_YORK);
        agree();
        passTo("2026-02-01T01:00:00Z");
        use(500 * MB);
        assertThat(told()).containsExactly(80, 100);
        set(TOKYO);
        passTo("2026-02-01T06:00:00Z");
        assertThat(state.timeZone()).isEqualTo(TOKYO);
        decide(late("2026-02-01T00:00:00Z", 100 * MB));
        assertThat(state.charges().minor()).as("January costs no more").isEqualTo(LIMIT);
        use(MB);
        assertThat(state.charges().minor()).isEqualTo(LIMIT + 10);
        passTo("2026-02-03T06:00:00Z");
        assertThat(state.charges().monthMinor()).isEqualTo(10);
    }

    @Test
    void whatIsReportedLateOfTheLastDayIsOfItsWindow() {
        now = Instant.parse("2025-12-31T10:00:00Z");
        PlanTerms terms = AccountFixture.terms(
                        10 * GB,
                        new AfterQuota.Stop(),
                        Validity.dates(LocalDate.of(2026, 1, 1), 3, Validity.Unit.MONTH))
                .with(new Renewal(Renewal.Every.MONTH, 0));
        state = opened(terms, NEW_YORK);
        passTo("2026-01-31T20:00:00Z");
        use(9 * GB);
        set(TOKYO);
        passTo("2026-02-01T06:00:00Z");
        decide(late("2026-02-01T00:00:00Z", 2 * GB));
        assertThat(state.buckets().getFirst().remainingBytes())
                .as("of February")
                .isEqualTo(10 * GB);
        assertThat(state.usedBytes()).as("what January left").isEqualTo(10 * GB);
        assertThat(state.beyondBytes()).isEqualTo(GB);
        decide(late("2026-01-02T00:00:00Z", GB));
        assertThat(state.beyondBytes()).as("all of January is the last window").isEqualTo(2 * GB);
        passTo("2026-03-01T10:00:00Z");
        assertThat(renewals()).isEqualTo(2);
    }

    @Test
    void aWeekThatBeganBeforeTheMoveBeganOnItsMonday() {
        now = Instant.parse("2026-02-13T15:00:00Z");
        state = opened(priced(), TOKYO);
        set(NEW_YORK);
        passTo("2026-02-15T10:00:00Z");
        set(TOKYO);
        assertThat(Objects.requireNonNull(state.zoneChange()).at())
                .as("when Monday is over")
                .isEqualTo(Instant.parse("2026-02-17T05:00:00Z"));
        // No gateway looked in between.
        now = Instant.parse("2026-02-19T10:00:00Z");
        decide(new AccountCommand.Tick(ADMIN));
        assertThat(state.week().start()).isEqualTo(Instant.parse("2026-02-15T15:00:00Z"));
    }

    @Test
    void pauseOfAWeekCountsTheWholeWeekAndEndsWithIt() throws Exception {
        state = open(plain());
        put("""
                [{"id": "week", "when": {"window": "week", "overBytes": 1000000000}, "then": [{"do": "pause"}]},
                 {"id": "web", "when": {"window": "week", "overBytes": 1100000000, "categories": ["web"]},
                  "then": [{"do": "pause"}]}]
                """);
        use(900 * MB);
        passTo("2026-04-02T10:00:00Z");
        move(NEW_YORK);
        assertThat(state.week().bytes()).isEqualTo(900 * MB);
        use(99 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        use(100 * MB);
        assertThat(state.restrictions())
                .as("what a rule counts alone goes on, too")
                .hasSize(2);

        passTo("2026-04-04T10:00:00Z");
        move(PARIS);
        assertThat(state.restrictions())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.until().moment()).isEqualTo(Instant.parse("2026-04-05T22:00:00Z")));
        passTo("2026-04-05T22:00:00Z");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.week().bytes()).isZero();
    }

    @Test
    void fairUseOfAWeekHoldsUntilItsMondayInTheNewZone() {
        state = open(plain().with(new FairUse(FairUse.Window.WEEK, List.of(new FairUse.Tier(GB, Speed.both(512))))));
        use(GB);
        move(NEW_YORK);
        assertThat(state.policy().until().moment()).isEqualTo(Instant.parse("2026-04-06T04:00:00Z"));
        assertThat(state.policy().speed()).isEqualTo(Speed.both(512));
    }

    @Test
    void windowOfARenewingPlanIsGivenOnceWhereOnlyOneZoneChangesItsClocks() {
        now = Instant.parse("2026-02-10T10:00:00Z");
        state = opened(plain().with(new Renewal(Renewal.Every.MONTH, 0)), NEW_YORK);
        passTo("2026-03-10T12:00:00Z");
        use(10 * GB);
        assertThat(state.policy().reasonCode()).isEqualTo(Thresholds.QUOTA_USED);
        move(PARIS);
        assertThat(state.policy().reasonCode()).isEqualTo(Thresholds.QUOTA_USED);
        passTo("2026-03-14T10:00:00Z");
        move(NEW_YORK);
        passTo("2026-03-18T10:00:00Z");
        assertThat(state.policy().reasonCode()).isEqualTo(Thresholds.QUOTA_USED);
        assertThat(state.buckets().getFirst().takenBytes()).isEqualTo(10 * GB);
        passTo("2026-04-10T09:00:00Z");
        assertThat(state.policy().level()).as("the tenth at five in New York").isEqualTo(Level.NORMAL);
    }

    @Test
    void windowThatTheNewZoneHasNotReachedIsWaitedFor() {
        // 23:30 of the 28th in New York, the first of March in Paris: windows begin days apart.
        now = Instant.parse("2026-03-01T04:30:00Z");
        state = opened(plain().with(new Renewal(Renewal.Every.MONTH, 0)), NEW_YORK);
        passTo("2026-03-29T04:00:00Z");
        assertThat(state.renewedAt()).isEqualTo(Instant.parse("2026-03-29T03:30:00Z"));
        set(PARIS);
        assertThat(Objects.requireNonNull(state.zoneChange()).at()).isEqualTo(Instant.parse("2026-04-01T04:00:00Z"));
        passTo("2026-04-20T10:00:00Z");
        assertThat(effects.stream().filter(ZoneMoveTest::isRenewal))
                .as("in April")
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "WEEK, 4, 2026-03-05T03:00:00Z, 2026-04-02T03:00:00Z",
        "MONTH, 2, 2026-11-30T20:00:00Z, 2027-01-31T20:00:00Z",
        "MONTH, 1, 2026-02-28T20:00:00Z, 2026-03-31T20:00:00Z"
    })
    void noMoreWindowsBeginThanWereSold(Renewal.Every every, int sold, Instant from, Instant end) {
        now = from;
        state = opened(windows(every, sold), TOKYO);
        assertThat(state.endsAt()).isEqualTo(end);
        passTo(now.plus(Duration.ofDays(2)).toString());
        move(PARIS);
        passTo(end.minus(Duration.ofDays(6)).toString());
        use(10 * GB);
        assertThat(state.policy().reasonCode()).isEqualTo(Thresholds.QUOTA_USED);
        assertThat(state.policy().until().moment()).isEqualTo(end);
        move(NEW_YORK);
        passTo(end.minusSeconds(1).toString());
        assertThat(renewals()).isEqualTo(sold - 1);
        assertThat(state.policy().reasonCode()).as("until the end").isEqualTo(Thresholds.QUOTA_USED);
        passTo(end.toString());
        assertThat(state.ended()).isTrue();
    }

    @Test
    void extensionBringsTheWindowsOfItsDaysAfterAMove() {
        now = Instant.parse("2026-03-05T03:00:00Z");
        state = opened(windows(Renewal.Every.WEEK, 4), TOKYO);
        passTo("2026-03-07T03:00:00Z");
        move(PARIS);
        decide(new AccountCommand.Credit(new Grant(0, 1, 0, "c-1", "sorry"), ADMIN));
        passTo("2026-04-03T02:59:59Z");
        assertThat(state.ended()).isFalse();
        assertThat(renewals()).as("a fifth week of a day").isEqualTo(4);
        decide(new AccountCommand.Credit(new Grant(0, 6, 0, "c-2", "sorry"), ADMIN));
        passTo("2026-04-09T02:59:59Z");
        assertThat(state.ended()).isFalse();
        assertThat(renewals()).as("a whole fifth week and no sixth").isEqualTo(4);
    }

    @Test
    void everyPlanHasTheWindowsThatWereSoldWhereverTheTravellerGoes() {
        for (int seed = 0; seed < 150; seed++) {
            Random random = Seeds.random(seed);
            now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(366 * 86_400));
            effects.clear();
            int sold = 1 + random.nextInt(4);
            Renewal.Every every = random.nextBoolean() ? Renewal.Every.WEEK : Renewal.Every.MONTH;
            state = opened(windows(every, sold), Journey.ZONES[random.nextInt(Journey.ZONES.length)]);
            while (!state.ended()) {
                passTo(now.plusSeconds(random.nextInt(100 * 3_600)).toString());
                if (random.nextInt(3) == 0) {
                    set(Journey.ZONES[random.nextInt(Journey.ZONES.length)]);
                }
            }
            assertThat(renewals()).as("seed %d: %d of %s", seed, sold, every).isEqualTo(sold - 1);
        }
    }

    @Test
    void capsOfMembersGoOnWithTheWeekAndWithTheWindowOfTheOwnersPlan() {
        now = Instant.parse("2026-02-10T10:00:00Z");
        PlanTerms terms = plain().with(new Sharing(3, 0, null)).with(new Renewal(Renewal.Every.MONTH, 0));
        AccountKey member = new AccountKey(1, 512);
        Map<AccountKey, AccountState> all = new HashMap<>();
        AccountState owner = shared(opened(terms, NEW_YORK), member);
        all.put(owner.key(), owner);
        all.put(member, AccountState.member(new NewAccount(member, 768, terms, PARIS, now), 256));
        now = Instant.parse("2026-03-10T10:00:00Z");
        decide(all, member, new AccountCommand.SetMemberCap(new MemberCap(GB, MemberCap.Window.PLAN), "r", ADMIN));
        now = Instant.parse("2026-03-10T12:00:00Z");
        decide(all, member, usage(GB));
        assertThat(all.get(member).policy().reasonCode()).isEqualTo(MemberWatch.CAP);
        decide(all, owner.key(), new AccountCommand.SetTimeZone(PARIS, ADMIN));
        now = Instant.parse("2026-03-18T10:00:00Z");
        decide(all, member, new AccountCommand.Tick(ADMIN));
        assertThat(all.get(member).policy().reasonCode()).isEqualTo(MemberWatch.CAP);

        decide(all, member, new AccountCommand.SetMemberCap(new MemberCap(2 * GB, MemberCap.Window.WEEK), "r", ADMIN));
        decide(all, member, usage(GB));
        decide(all, member, new AccountCommand.SetTimeZone(NEW_YORK, ADMIN));
        now = Instant.parse("2026-03-20T10:00:00Z");
        decide(all, member, usage(999 * MB));
        assertThat(all.get(member).policy().level()).isEqualTo(Level.NORMAL);
        decide(all, member, usage(MB));
        assertThat(all.get(member).policy().reasonCode()).isEqualTo(MemberWatch.CAP);
        assertThat(all.get(member).policy().until().moment()).isEqualTo(Instant.parse("2026-03-23T04:00:00Z"));
    }

    @Test
    void eachMonthWeekAndWindowIsThatOfAPlainCalendar() {
        for (int seed = 0; seed < 150; seed++) {
            new Journey(Seeds.random(seed), "seed " + seed).travel();
        }
    }

    /** Somebody who travels, and a calendar on the wall: what is written on a page of it stays there. */
    private final class Journey {
        private static final ZoneId[] ZONES = {
            PARIS,
            NEW_YORK,
            TOKYO,
            ZoneId.of("Asia/Kathmandu"),
            ZoneId.of("Pacific/Auckland"),
            ZoneId.of("Pacific/Kiritimati"),
            ZoneId.of("Pacific/Pago_Pago"),
            ZoneId.of("America/Santiago")
        };

        private final Random random;
        private final String name;
        private final Renewal renewal;
        private final Map<YearMonth, Long> months = new HashMap<>();
        private final Map<LocalDate, Long> weeks = new HashMap<>();
        private YearMonth month = YearMonth.of(2000, 1);
        private LocalDate week = LocalDate.EPOCH;
        private long window;

        Journey(Random random, String name) {
            this.random = random;
            this.name = name;
            this.renewal = new Renewal(random.nextBoolean() ? Renewal.Every.WEEK : Renewal.Every.MONTH, 0);
        }

        void travel() {
            now = Instant.parse("2026-01-20T00:00:00Z").plusSeconds(random.nextInt(60 * 86_400));
            effects.clear();
            PlanTerms terms = AccountFixture.terms(
                            MB, new AfterQuota.Stop(), Validity.days(366, Validity.StartMode.ON_ORDER))
                    .with(new Overage("EUR", 10_000, 1_000_000, LIMIT))
                    .with(renewal);
            state = opened(terms, ZONES[random.nextInt(ZONES.length)]);
            agree();
            turnPages();
            weeks.put(week, MB);
            for (int i = 0; i < 200; i++) {
                passTo(now.plusSeconds(random.nextInt(40 * 3_600)).toString());
                if (random.nextInt(4) == 0) {
                    set(ZONES[random.nextInt(ZONES.length)]);
                }
                turnPages();
                long before = state.charges().minor();
                long bytes = random.nextInt(40) * MB;
                use(bytes);
                months.merge(month, state.charges().minor() - before, Long::sum);
                weeks.merge(week, bytes, Long::sum);
                check();
            }
        }

        /** No page is turned back. */
        private void turnPages() {
            LocalDate today = LocalDate.ofInstant(now, state.timeZone());
            YearMonth thisMonth = YearMonth.from(today);
            month = thisMonth.isAfter(month) ? thisMonth : month;
            LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            week = monday.isAfter(week) ? monday : week;
            ChronoUnit unit = renewal.every() == Renewal.Every.WEEK ? ChronoUnit.WEEKS : ChronoUnit.MONTHS;
            Instant startsAt = Objects.requireNonNull(state.startsAt());
            while (!startsAt.atZone(state.timeZone())
                    .plus(window + 1, unit)
                    .toInstant()
                    .isAfter(now)) {
                window++;
            }
        }

        private void check() {
            String when = name + " at " + now + " in " + state.timeZone();
            assertThat(months.values())
                    .as(when)
                    .allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(LIMIT));
            assertThat(state.charges().monthMinor()).as(when).isEqualTo(months.get(month));
            Instant first = month.atDay(1).atStartOfDay(state.timeZone()).toInstant();
            assertThat(state.charges().month())
                    .as("%s: with its first day, or with the day's end where the traveller came from", when)
                    .isBetween(first, first.plus(Duration.ofHours(26)));
            assertThat(state.week().bytes()).as(when).isEqualTo(weeks.get(week));
            assertThat(effects.stream().filter(ZoneMoveTest::isRenewal))
                    .as(when)
                    .hasSize((int) window);
        }
    }

    private static PlanTerms plain() {
        return AccountFixture.terms(10 * GB, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_ORDER));
    }

    /** So many weeks or months, each with a volume of its own. */
    private static PlanTerms windows(Renewal.Every every, int sold) {
        Validity.Unit unit = every == Renewal.Every.WEEK ? Validity.Unit.WEEK : Validity.Unit.MONTH;
        return AccountFixture.terms(
                        10 * GB, new AfterQuota.Stop(), new Validity(sold, unit, Validity.StartMode.ON_ORDER, null))
                .with(new Renewal(every, 0));
    }

    private long renewals() {
        return effects.stream().filter(ZoneMoveTest::isRenewal).count();
    }

    private static PlanTerms priced() {
        return AccountFixture.terms(MB, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_ORDER))
                .with(new Overage("EUR", 10_000, 80_000, LIMIT));
    }

    private AccountState open(PlanTerms terms) {
        return opened(terms, PARIS);
    }

    private AccountState opened(PlanTerms terms, ZoneId zone) {
        AccountState fresh = AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, zone, now));
        AccountCommand order = new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, now, ADMIN);
        return decider.decide(fresh, order, now).state();
    }

    private AccountState shared(AccountState owner, AccountKey member) {
        Draft draft = decider.draft(owner, now);
        draft.share = new Share.Owner(List.of(member.accountId()));
        return draft.toState();
    }

    private void agree() {
        use(MB);
        decide(new AccountCommand.AgreeOverage(0, "words-1", ADMIN));
        now = now.plusSeconds(60);
        effects.clear();
    }

    private void move(ZoneId zone) {
        set(zone);
        passTo(Objects.requireNonNull(state.zoneChange()).at().toString());
        assertThat(state.timeZone()).isEqualTo(zone);
    }

    private void set(ZoneId zone) {
        decide(new AccountCommand.SetTimeZone(zone, ADMIN));
    }

    /** As the job does it that looks for accounts whose moment has come. */
    private void passTo(String moment) {
        Instant end = Instant.parse(moment);
        Instant due = NextMoment.of(state);
        while (due != null && !due.isAfter(end)) {
            now = due.isAfter(now) ? due : now.plus(Duration.ofSeconds(1));
            decide(new AccountCommand.Tick(ADMIN));
            due = NextMoment.of(state);
        }
        now = end.isAfter(now) ? end : now;
        decide(new AccountCommand.Tick(ADMIN));
    }

    private void put(String rules) throws Exception {
        RuleJson.Result result = RuleJson.read(new JsonMapper().readTree(rules), Rule.Owner.USER);
        assertThat(result)
                .asInstanceOf(InstanceOfAssertFactories.type(RuleJson.Result.Rules.class))
                .satisfies(valid -> decide(new AccountCommand.PutRules(Rule.Owner.USER, valid.rules(), null, ADMIN)));
    }

    private AccountCommand late(String end, long bytes) {
        UsageRecord record = AccountFixture.record("r" + serial++, bytes, Instant.parse(end));
        return new AccountCommand.CountUsage(record, NETWORK);
    }

    private AccountCommand usage(long bytes) {
        return new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, now), NETWORK);
    }

    private void use(long bytes) {
        decide(usage(bytes));
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        assertThat(decision.replies()).noneMatch(Reply.Refused.class::isInstance);
        state = decision.state();
        effects.addAll(decision.effects());
    }

    private void decide(Map<AccountKey, AccountState> all, AccountKey key, AccountCommand command) {
        AccountKey owner = new AccountKey(1, 256);
        List<AccountState> members =
                all.values().stream().filter(each -> !each.key().equals(owner)).toList();
        Decider.Shared shared =
                decider.decideShared(all.get(owner), members, List.of(new Decider.Addressed(key, command)), now);
        assertThat(shared.replies()).noneMatch(Reply.Refused.class::isInstance);
        shared.decisions().forEach((each, decision) -> all.put(each, decision.state()));
    }

    private long charged() {
        return effects.stream()
                .filter(Effect.LedgerRow.class::isInstance)
                .mapToLong(each -> ((Effect.LedgerRow) each).chargedMinor())
                .sum();
    }

    private List<Object> told() {
        return effects.stream()
                .filter(each ->
                        each instanceof Effect.EventRaised event && event.type().equals("overage.threshold_reached"))
                .map(each -> ((Effect.EventRaised) each).data().get("percent"))
                .toList();
    }

    private static boolean isRenewal(Effect effect) {
        return effect instanceof Effect.EventRaised event && event.type().equals("plan.renewed");
    }
}
