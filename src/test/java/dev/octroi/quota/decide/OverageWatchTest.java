package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
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
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Charging beyond the volume: 0.10 euro a megabyte, at most 50 euro a month, never more than 80 euro. */
class OverageWatchTest {
    private static final long CENTS_PER_MB = 10;
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", "jti-2");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = open(new AfterQuota.Stop());
    private final List<Effect> effects = new ArrayList<>();
    private int serial;

    @Test
    void nothingIsChargedWithoutConsent() {
        use(200 * MB);
        assertThat(state.charges().minor()).isZero();
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
    }

    @Test
    void consentOpensAndEachAmountIsTheSumOfLedgerRows() {
        use(100 * MB);
        agree(0);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        for (int i = 0; i < 100; i++) {
            use(1_234_567);
        }
        assertThat(state.charges().bytes()).isEqualTo(123_456_700);
        assertThat(state.charges().minor())
                .as("1234.567 cents, rounded down once")
                .isEqualTo(1_234);
        assertThat(ledgerMinor()).isEqualTo(1_234);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void consentIsKeptWithWhoWhenAndWhichWords() {
        agree(0);
        assertThat(effects)
                .anySatisfy(effect -> assertThat(effect).isInstanceOfSatisfying(Effect.AuditRow.class, row -> {
                    assertThat(row.action()).isEqualTo("overage.agreed");
                    assertThat(row.actor()).isEqualTo(TRAVELLER);
                    assertThat(row.at()).isEqualTo(now.minusSeconds(60));
                    assertThat(row.details()).containsEntry("textVersion", "words-1");
                }));
    }

    @Test
    void messagesAt80And100PercentComeOnceAndDataIsHeldAtTheLimit() {
        use(100 * MB);
        agree(0);
        use(399 * MB);
        assertThat(told()).isEmpty();
        use(MB);
        use(MB);
        assertThat(told()).containsExactly(80);
        use(99 * MB);
        assertThat(told()).containsExactly(80, 100);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        use(50 * MB);
        assertThat(told()).containsExactly(80, 100);
        assertThat(state.charges().minor()).as("what passes is the seller's").isEqualTo(5_000);
    }

    @Test
    void recordThatPassesTheLimitIsChargedUpToIt() {
        use(100 * MB);
        agree(0);
        use(700 * MB);
        assertThat(state.charges().minor()).isEqualTo(5_000);
        assertThat(ledgerMinor()).isEqualTo(5_000);
        agree(8_000);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.charges().minor()).as("what passed before stays free").isEqualTo(5_000 + CENTS_PER_MB);
    }

    @Test
    void raisedLimitWarnsAgainOnlyWhenItsOwn80PercentAreCrossed() {
        use(100 * MB);
        agree(0);
        use(450 * MB);
        assertThat(told()).containsExactly(80);
        agree(6_000);
        use(29 * MB);
        assertThat(told()).as("47.90 of 60 euro").containsExactly(80);
        use(2 * MB);
        assertThat(told()).containsExactly(80, 80);
        agree(6_001);
        use(MB);
        assertThat(told()).as("raised behind its own 80 percent").containsExactly(80, 80);
    }

    @Test
    void nothingIsEverChargedBeyondTheCeiling() {
        use(100 * MB);
        agree(8_000);
        use(5_000 * MB);
        use(100 * MB);
        assertThat(state.charges().minor()).isEqualTo(8_000);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        assertThat(told()).containsExactly(80, 100);
    }

    @Test
    void newMonthOfTheTravellerHasItsWholeLimit() {
        now = Instant.parse("2026-11-29T10:00:00Z");
        state = open(new AfterQuota.Stop());
        use(100 * MB);
        agree(3_000);
        use(700 * MB);
        Instant firstOfDecember = Instant.parse("2026-11-30T23:00:00Z");
        assertThat(state.policy().until().moment()).isEqualTo(firstOfDecember);
        now = firstOfDecember;
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(230 * MB);
        assertThat(state.charges().monthMinor()).isEqualTo(2_300);
        assertThat(told()).containsExactly(80, 100);
        use(10 * MB);
        assertThat(told()).as("80 percent of the new month").containsExactly(80, 100, 80);
    }

    @Test
    void lateRecordOfBeforeTheConsentOrTheMonthIsFree() {
        use(100 * MB);
        agree(0);
        count(MB, now.minusSeconds(10));
        assertThat(state.charges().minor()).isZero();
        now = Instant.parse("2026-11-30T22:59:00Z");
        Instant november = now;
        now = Instant.parse("2026-11-30T23:30:00Z");
        tick();
        count(MB, november);
        assertThat(state.charges().minor()).isZero();
    }

    @Test
    void recordThatBeganBeforeTheConsentIsFree() {
        use(100 * MB);
        agree(0);
        Instant agreedAt = now.minusSeconds(60);
        now = now.plus(Duration.ofHours(1));
        part(300 * MB, agreedAt.minusSeconds(1), now);
        assertThat(state.charges().minor()).isZero();
        part(MB, agreedAt, now);
        assertThat(state.charges().minor()).isEqualTo(CENTS_PER_MB);
    }

    /** A balance of every four hours: what is gone at noon went since eight, most of it before half past eleven. */
    @Test
    void balanceThatFellSinceBeforeTheConsentIsFree() {
        for (UsageRecord.Meaning meaning :
                List.of(UsageRecord.Meaning.GONE_OF_TOTAL, UsageRecord.Meaning.ABSOLUTE_REMAINING)) {
            now = Instant.parse("2026-11-23T07:00:00Z");
            state = open(new AfterQuota.Throttle(Speed.both(384)));
            boolean gone = meaning == UsageRecord.Meaning.GONE_OF_TOTAL;
            now = now.plus(Duration.ofHours(1));
            count(AccountFixture.balance("b1", meaning, "bundle", gone ? 0 : 5_000 * MB, now));
            now = now.plus(Duration.ofMinutes(210));
            agree(0);
            now = now.plus(Duration.ofMinutes(29));
            count(AccountFixture.balance("b2", meaning, "bundle", gone ? 3_000 * MB : 2_000 * MB, now));
            assertThat(state.beyondBytes()).isEqualTo(2_900 * MB);
            assertThat(state.charges().minor()).as("%s at noon", meaning).isZero();
            now = now.plus(Duration.ofHours(1));
            count(AccountFixture.balance("b3", meaning, "bundle", gone ? 3_005 * MB : 1_995 * MB, now));
            assertThat(state.charges().minor()).as("%s at one", meaning).isEqualTo(5 * CENTS_PER_MB);
        }
    }

    /** How much of a counter's first reading was used before the consent nobody knows; of the next one all is known. */
    @Test
    void firstThatAFeedWithoutBeginningsReportsAfterTheConsentIsFree() {
        use(100 * MB);
        agree(0);
        part(50 * MB, now, now);
        part(50 * MB, now.minusSeconds(5), now.minusSeconds(5));
        assertThat(state.charges().minor())
                .as("the first, and what ended before it")
                .isZero();
        now = now.plusSeconds(60);
        part(2 * MB, now, now);
        assertThat(state.charges().minor()).isEqualTo(2 * CENTS_PER_MB);

        decide(new AccountCommand.DeclineOverage(TRAVELLER));
        agree(0);
        part(MB, now, now);
        assertThat(state.charges().minor()).as("after another consent").isEqualTo(2 * CENTS_PER_MB);
    }

    @Test
    void lateUseOfYesterdayThatReachesTheLimitHoldsNothingOfTodaysVolume() {
        state = open(
                AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 1_000 * CENTS_PER_MB, 8_000, 5_000))
                        .with(new Renewal(Renewal.Every.DAY, 0)));
        agree(0);
        use(100 * MB);
        Instant yesterday = now;
        now = now.plus(Duration.ofDays(1));
        tick();
        count(600 * MB, yesterday);
        assertThat(state.charges().monthMinor()).isEqualTo(5_000);
        assertThat(told()).containsExactly(80, 100);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);

        use(100 * MB);
        use(MB);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(state.charges().minor()).isEqualTo(5_000);
        assertThat(told()).containsExactly(80, 100);
    }

    @Test
    void consentTakenBackEndsChargingAtOnce() {
        use(100 * MB);
        agree(0);
        use(MB);
        decide(new AccountCommand.DeclineOverage(TRAVELLER));
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        use(MB);
        assertThat(state.charges().minor()).isEqualTo(CENTS_PER_MB);
    }

    @Test
    void planThatGoesOnSlowlyDoesSoAtTheLimitToo() {
        state = open(new AfterQuota.Throttle(Speed.both(384)));
        use(100 * MB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(384));
        agree(0);
        assertThat(state.policy().speed()).as("full speed at a price").isNull();
        use(600 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(384));
    }

    @Test
    void topUpOpensWhatTheLimitHolds() {
        use(100 * MB);
        agree(0);
        use(600 * MB);
        decide(new AccountCommand.TopUp(MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).as("however little").isEqualTo(Level.NORMAL);
        use(2 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(told()).as("told once a month for each limit").containsExactly(80, 100);
    }

    @Test
    void limitHoldsAgainWhenWhatWasBoughtExpiresOrIsUsedToTheByte() {
        use(100 * MB);
        agree(0);
        use(600 * MB);
        decide(new AccountCommand.TopUp(new Grant(10 * MB, 0, 1, "t1", "a day"), ADMIN));
        use(4 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = now.plus(Duration.ofDays(1));
        tick();
        assertThat(state.policy().reasonCode()).as("expired").isEqualTo("bill_shock.limit_reached");

        decide(new AccountCommand.TopUp(MB, "t2", "more", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().reasonCode()).as("used to the byte").isEqualTo("bill_shock.limit_reached");
        assertThat(state.charges().minor()).isEqualTo(5_000);
    }

    @Test
    void officeCannotLiftTheLimitOfCharges() {
        use(100 * MB);
        agree(0);
        use(600 * MB);
        decide(new AccountCommand.Lift(null, RestrictionClass.BILL_SHOCK, "please", ADMIN));
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
    }

    @Test
    void planWithoutAPriceRefusesConsent() {
        state = open(
                AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        Decision decision = decider.decide(state, new AccountCommand.AgreeOverage(0, "words-1", TRAVELLER), now);
        assertThat(decision.replies().getFirst()).isInstanceOf(Reply.Refused.class);
    }

    private AccountState open(AfterQuota after) {
        return open(AccountFixture.terms(100 * MB, after, Validity.days(30, Validity.StartMode.ON_ORDER))
                .with(new Overage("EUR", 1_000 * CENTS_PER_MB, 8_000, 5_000)));
    }

    private AccountState open(PlanTerms terms) {
        return AccountFixture.begun(decider, terms, now);
    }

    private void agree(long limitMinor) {
        decide(new AccountCommand.AgreeOverage(limitMinor, "words-1", TRAVELLER));
        now = now.plus(Duration.ofSeconds(60));
    }

    private void use(long bytes) {
        count(bytes, now);
    }

    private void count(long bytes, Instant end) {
        count(AccountFixture.record("r" + serial++, bytes, end));
    }

    private void part(long bytes, Instant start, Instant end) {
        count(AccountFixture.during(AccountFixture.record("r" + serial++, bytes, end), start, end));
    }

    private void count(UsageRecord record) {
        decide(new AccountCommand.CountUsage(record, NETWORK));
    }

    private void tick() {
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        effects.addAll(decision.effects());
    }

    private long ledgerMinor() {
        return effects.stream()
                .filter(Effect.LedgerRow.class::isInstance)
                .mapToLong(effect -> ((Effect.LedgerRow) effect).chargedMinor())
                .sum();
    }

    private List<Object> told() {
        return effects.stream()
                .filter(effect -> effect instanceof Effect.EventRaised event
                        && event.type().equals("overage.threshold_reached"))
                .map(effect -> ((Effect.EventRaised) effect).data().get("percent"))
                .toList();
    }
}
