package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.AccountLoadStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.ZoneChange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The traveller's time zone changes at the end of a day. */
class TimeZoneWatchTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = open();
    private final List<Effect> effects = new ArrayList<>();
    private int serial;

    private AccountState open() {
        PlanTerms terms =
                AccountFixture.terms(100 * GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER));
        return AccountFixture.begun(decider, terms, now);
    }

    @Test
    void dayGoesOnToItsEndAndTheNextOnesAreOfTheNewZone() {
        use(10 * MB);
        set(TOKYO);
        assertThat(state.timeZone()).isEqualTo(AccountFixture.PARIS);
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-23T23:00:00Z"));
        now = Instant.parse("2026-11-23T15:30:00Z");
        use(10 * MB);
        assertThat(state.day().bytes()).as("midnight in Tokyo is past").isEqualTo(20 * MB);
        now = Instant.parse("2026-11-23T23:00:00Z");
        tick();
        assertThat(state.timeZone()).isEqualTo(TOKYO);
        assertThat(state.day().bytes()).isZero();
        use(5 * MB);
        now = Instant.parse("2026-11-24T15:00:00Z");
        tick();
        assertThat(state.day()).as("midnight in Tokyo").isEqualTo(new Counter(now, 0));
    }

    @Test
    void endOfTheDayIsRightWhereClocksChange() {
        now = Instant.parse("2026-10-24T20:00:00Z");
        state = open();
        now = Instant.parse("2026-10-25T10:00:00Z");
        set(NEW_YORK);
        assertThat(effectiveAt()).as("a day of 25 hours in Paris").isEqualTo(Instant.parse("2026-10-25T23:00:00Z"));
        now = effectiveAt();
        tick();
        now = Instant.parse("2026-11-01T10:00:00Z");
        set(AccountFixture.PARIS);
        assertThat(effectiveAt()).as("and in New York").isEqualTo(Instant.parse("2026-11-02T05:00:00Z"));
    }

    @Test
    void whoMovesOnEachHourGainsOneDayInTwoAtMost() {
        int days = 0;
        Instant day = state.day().start();
        for (int hour = 0; hour < 24 * 10; hour++) {
            now = now.plus(Duration.ofHours(1));
            // Where midnight was a moment ago.
            int offset = 24 - now.atZone(ZoneOffset.UTC).getHour();
            set(ZoneOffset.ofHours(offset > 14 ? offset - 24 : offset));
            use(MB);
            if (!state.day().start().equals(day)) {
                days++;
                day = state.day().start();
            }
        }
        assertThat(days).as("days in ten").isBetween(10, 15);
    }

    @Test
    void changeThatWaitsIsReplacedOrCalledOffAndEachIsKeptWithItsMoment() {
        set(TOKYO);
        Instant at = effectiveAt();
        now = now.plusSeconds(60);
        set(NEW_YORK);
        assertThat(state.zoneChange()).isEqualTo(new ZoneChange(NEW_YORK, at));
        assertThat(decide(new AccountCommand.SetTimeZone(NEW_YORK, ADMIN)).replies())
                .containsExactly(Reply.REPEATED);
        assertThat(effects.stream().filter(Effect.AuditRow.class::isInstance).map(Effect.AuditRow.class::cast))
                .last()
                .satisfies(row -> {
                    assertThat(row.action()).isEqualTo("account.time_zone");
                    assertThat(row.details()).containsEntry("effectiveAt", at.toString());
                });
        set(AccountFixture.PARIS);
        now = at;
        tick();
        assertThat(state.timeZone()).isEqualTo(AccountFixture.PARIS);
    }

    @Test
    void useOfTheDayThatIsOverTakesNothingOfTheNextOneWhicheverWayTheZoneMoved() {
        for (ZoneId zone : List.of(TOKYO, NEW_YORK)) {
            now = Instant.parse("2026-11-21T10:00:00Z");
            state = AccountFixture.begun(
                    decider,
                    AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER))
                            .with(new Renewal(Renewal.Every.DAY, 0)),
                    now);
            now = Instant.parse("2026-11-22T23:00:00Z");
            tick();
            set(zone);
            now = Instant.parse("2026-11-23T23:00:00Z");
            tick();
            assertThat(state.timeZone()).isEqualTo(zone);
            Instant midnight = now;
            now = now.plus(Duration.ofMinutes(30));
            use(100 * MB, midnight.minusSeconds(1));
            use(200 * MB, midnight.minus(Duration.ofHours(23)));
            assertThat(remaining()).as("nothing of the new day").isEqualTo(GB);
            assertThat(state.day()).isEqualTo(new Counter(midnight, 0));
            assertThat(state.buckets().getFirst().lateBytes())
                    .as("the old day's rest")
                    .isEqualTo(700 * MB);
            use(100 * MB);
            assertThat(remaining()).isEqualTo(900 * MB);
            assertThat(state.day().bytes()).isEqualTo(100 * MB);

            now = NextMoment.of(state);
            tick();
            assertThat(LocalTime.ofInstant(now, zone)).as("the next one").isEqualTo(LocalTime.MIDNIGHT);
            assertThat(remaining()).isEqualTo(GB);
            use(50 * MB, midnight);
            assertThat(state.buckets().getFirst().lateBytes()).isEqualTo(850 * MB);
            assertThat(state.day()).isEqualTo(new Counter(now, 0));
        }
    }

    @Test
    void weekThatEndsWithTheMoveKeepsWhatWasUsedInIt() {
        now = Instant.parse("2026-11-29T10:00:00Z");
        set(TOKYO);
        now = Instant.parse("2026-11-29T23:00:00Z");
        tick();
        assertThat(state.timeZone()).isEqualTo(TOKYO);
        use(10 * MB, now.minusSeconds(1));
        assertThat(state.week()).isEqualTo(new Counter(now, 0));
    }

    @Test
    void hoursOfRulesMoveWithTheZone() {
        assertThat(LocalTime.ofInstant(now, AccountFixture.PARIS)).isEqualTo(LocalTime.of(11, 0));
        set(TOKYO);
        now = effectiveAt();
        tick();
        assertThat(LocalTime.ofInstant(now, state.dayZone())).isEqualTo(LocalTime.of(8, 0));
    }

    @Test
    void planThatHasNotBegunMovesAtOnce() {
        state = AccountState.fresh(new NewAccount(
                new AccountKey(1, 256),
                512,
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_INSTALL)),
                AccountFixture.PARIS,
                now));
        set(TOKYO);
        assertThat(state.timeZone()).isEqualTo(TOKYO);
    }

    @Test
    void anotherGatewayKnowsTheZoneInWhichThePlanBegan() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey key = fixture.open(AccountFixture.france());
            for (ZoneId zone : List.of(TOKYO, NEW_YORK)) {
                fixture.accepted(key, new AccountCommand.SetTimeZone(zone, ADMIN));
                state = read(fixture, key);
                fixture.now.set(effectiveAt());
                fixture.accepted(key, new AccountCommand.Tick(ADMIN));
                state = read(fixture, key);
                assertThat(state.timeZone()).isEqualTo(zone);
                assertThat(state.zoneChange()).isEqualTo(new ZoneChange(null, fixture.now.get(), AccountFixture.PARIS));
            }
        }
    }

    private static AccountState read(QuotaFixture fixture, AccountKey key) {
        return QuotaFixture.await(new AccountLoadStore().load(fixture.database.workerPool(), List.of(key), false))
                .get(key);
    }

    private Instant effectiveAt() {
        ZoneChange change = state.zoneChange();
        return change == null ? Instant.MIN : change.at();
    }

    private void set(ZoneId zone) {
        decide(new AccountCommand.SetTimeZone(zone, ADMIN));
    }

    private void use(long bytes) {
        use(bytes, now);
    }

    private void use(long bytes, Instant end) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, end), NETWORK));
    }

    private long remaining() {
        return state.buckets().getFirst().remainingBytes();
    }

    private void tick() {
        decide(new AccountCommand.Tick(ADMIN));
    }

    private Decision decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        effects.addAll(decision.effects());
        return decision;
    }
}
