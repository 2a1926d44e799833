package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The scenarios of consumer law by their names: Regulation (EU) 2022/612 art. 14, and the French rule of ARCEP, which holds in
 * the whole world and for data only. One megabyte costs ten cents; the limit is 50 euro in a calendar month.
 */
class BillShockLawTest {
    private static final PlanTerms TERMS = AccountFixture.terms(
                    MB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER))
            .with(new Overage("EUR", 10_000, 20_000, 5_000));

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final List<Effect> effects = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-05T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, TERMS, now);
    private String plmn = "208-01";
    private String country = "FR";
    private int serial;

    @BeforeEach
    void theVolumeIsUsedUp() {
        use(1);
        effects.clear();
    }

    @Test
    void eu2022612WithoutConsentDataStopsAndNothingIsCharged() {
        use(100);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.charges().minor()).isZero();
    }

    @Test
    void eu2022612FiftyEuroHoldWhereTheTravellerChoseNoLimit() {
        agree(0);
        use(499);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(2);
        assertThat(state.charges().minor()).as("charged up to the limit").isEqualTo(5_000);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
    }

    @Test
    void eu2022612EightyPercentIsToldExactlyOnceAndOneHundredToo() {
        agree(0);
        use(399);
        assertThat(told()).isEmpty();
        use(1);
        use(50);
        assertThat(told()).containsExactly(80);
        use(50);
        use(50);
        assertThat(told()).containsExactly(80, 100);
    }

    @Test
    void eu2022612AtTheLimitNothingMoreIsCharged() {
        agree(0);
        use(600);
        use(600);
        assertThat(state.charges().minor()).isEqualTo(5_000);
    }

    @Test
    void eu2022612ConsentToAnotherLimitReopensAndIsKeptWithWordsAndPerson() {
        agree(0);
        use(500);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        agree(10_000);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(effects.stream()
                        .filter(Effect.AuditRow.class::isInstance)
                        .map(Effect.AuditRow.class::cast)
                        .filter(row -> row.action().equals("overage.agreed"))
                        .reduce((one, other) -> other))
                .hasValueSatisfying(row -> {
                    assertThat(row.actor()).isEqualTo(ADMIN);
                    assertThat(row.details()).containsEntry("textVersion", "words-1");
                });
    }

    @Test
    void eu2022612TheNextMonthHasItsWholeLimitAndItsMessagesAgain() {
        agree(0);
        use(500);
        effects.clear();
        passTo(Instant.parse("2026-11-30T23:00:00Z"));
        assertThat(state.policy().level()).as("the first of December in Paris").isEqualTo(Level.NORMAL);
        use(400);
        assertThat(told()).containsExactly(80);
    }

    @Test
    void eu2022612LimitRaisedAtNinetyPercentIsNotToldAgainBeforeItsOwnEighty() {
        agree(0);
        use(450);
        agree(10_000);
        use(349);
        assertThat(told()).containsExactly(80);
        use(1);
        assertThat(told()).containsExactly(80, 80);
    }

    @Test
    void eu2022612TheTravellerMayOptOutAtAnyTime() {
        agree(0);
        use(100);
        decide(new AccountCommand.DeclineOverage(ADMIN));
        use(100);
        assertThat(state.charges().minor()).isEqualTo(1_000);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void arcepTheLimitHoldsInTheWholeWorld() {
        plmn = "310-260";
        country = "US";
        agree(0);
        use(400);
        assertThat(told()).containsExactly(80);
        use(200);
        assertThat(state.charges().minor()).isEqualTo(5_000);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
    }

    @Test
    void arcepDataIsBlockedAndVoiceIsNot() {
        agree(0);
        use(500);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void arcepTheTravellersOwnLimitTakesThePlaceOfFiftyEuro() {
        agree(2_000);
        use(160);
        assertThat(told()).containsExactly(80);
        use(40);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(state.charges().minor()).isEqualTo(2_000);
    }

    private void agree(long limitMinor) {
        decide(new AccountCommand.AgreeOverage(limitMinor, "words-1", ADMIN));
    }

    private void use(long megabytes) {
        now = now.plusSeconds(60);
        UsageRecord record = new UsageRecord(
                "net-a",
                "r" + serial++,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                now.minusSeconds(10),
                now,
                now,
                0,
                megabytes * MB,
                plmn,
                country,
                null,
                "NR",
                Category.WEB);
        decide(new AccountCommand.CountUsage(record, NETWORK));
    }

    private void passTo(Instant moment) {
        while (NextMoment.of(state) != null && !NextMoment.of(state).isAfter(moment)) {
            now = NextMoment.of(state);
            decide(new AccountCommand.Tick(Actor.system("clock")));
        }
        now = moment;
    }

    /** The percentages of the limit of charges that were told, in their order. */
    private List<Object> told() {
        return effects.stream()
                .filter(Effect.EventRaised.class::isInstance)
                .map(Effect.EventRaised.class::cast)
                .filter(event -> event.type().equals("overage.threshold_reached"))
                .map(Effect.EventRaised::data)
                .map((Map<String, Object> data) -> data.get("percent"))
                .toList();
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        effects.addAll(decision.effects());
        state = decision.state();
    }
}
