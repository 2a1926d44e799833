package dev.octroi.quota.decide;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.db.Database;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What travellers are told of the tariff where they come. */
class TariffNoticeTest {
    private static final SessionPlace FRANCE = new SessionPlace("208-01", "FR", null);
    private static final SessionPlace SWITZERLAND = new SessionPlace("228-01", "CH", null);
    private static final ZoneTariff SWISS = new ZoneTariff("CH", "Switzerland", Set.of(), 50 * MB, 30_000L);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final List<Map<String, Object>> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, terms(), now);
    private int serial;

    @Test
    void firstUseInACountrySaysWhatIsLeftThereAndWhatItCosts() {
        use(FRANCE, MB);
        assertThat(told)
                .singleElement()
                .satisfies(notice -> assertThat(notice)
                        .containsOnly(
                                entry("country", "FR"),
                                entry("remainingBytes", 100 * MB),
                                entry("then", "stop"),
                                entry("pricePerMegabyte", "0.10"),
                                entry("currency", "EUR"),
                                entry("limit", "50.00")));
        decide(new AccountCommand.AgreeOverage(2_000, "words-1", ADMIN));
        use(SWITZERLAND, MB);
        assertThat(told)
                .hasSize(2)
                .last()
                .satisfies(notice -> assertThat(notice)
                        .contains(
                                entry("country", "CH"),
                                entry("remainingBytes", 149 * MB),
                                entry("then", "charged"),
                                entry("pricePerMegabyte", "0.30"),
                                entry("limit", "20.00")));
    }

    @Test
    void aBorderIsToldWhenTheNetworkReportsItAndOncePerCountryHoweverOftenItIsCrossed() {
        arrive(FRANCE);
        use(FRANCE, MB);
        for (int i = 0; i < 3; i++) {
            arrive(SWITZERLAND);
            use(SWITZERLAND, MB);
            arrive(FRANCE);
            use(FRANCE, MB);
        }
        assertThat(told).extracting(notice -> notice.get("country")).containsExactly("FR", "CH");
    }

    @Test
    void aNewWindowOfThePlanTellsItAnew() {
        PlanTerms renewing = terms().with(new Renewal(Renewal.Every.MONTH, 0));
        state = AccountFixture.begun(decider, renewing, now);
        use(FRANCE, MB);
        now = now.plus(Duration.ofDays(32));
        use(FRANCE, MB);
        use(FRANCE, MB);
        assertThat(told).extracting(notice -> notice.get("country")).containsExactly("FR", "FR");
    }

    @Test
    void whatComesLateFromAnotherCountryOrNamesNoneTellsNothing() {
        use(FRANCE, MB);
        decide(count(AccountFixture.record("late", MB, now.minusSeconds(600)).at(SWITZERLAND)));
        use(new SessionPlace(ChargeCommand.UNKNOWN_PLMN, "ZZ", null), MB);
        assertThat(told).extracting(notice -> notice.get("country")).containsExactly("FR");
    }

    @Test
    void aPlanThatCostsTheSameEverywhereAndNothingBeyondTellsNothing() {
        state = AccountFixture.begun(decider, AccountFixture.france(), now);
        arrive(FRANCE);
        use(FRANCE, MB);
        arrive(SWITZERLAND);
        assertThat(told).isEmpty();
        assertThat(state.ruleCounts()).isEmpty();
    }

    @Test
    void aPriceWithMorePlacesThanAnAmountIsToldToTheLastOne() {
        Overage odd = new Overage("EUR", 12_345, 8_000, 5_000);
        state = AccountFixture.begun(
                decider, terms().with(List.<ZoneTariff>of()).with(odd), now);
        use(FRANCE, MB);
        assertThat(told.getFirst()).contains(entry("pricePerMegabyte", "0.12345"));
    }

    @Test
    void anotherGatewayKnowsWhatWasTold() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey key = fixture.open(terms());
            fixture.accepted(
                    key, count(AccountFixture.record("a", MB, fixture.now.get()).at(FRANCE)));
            Database other = new Database(fixture.vertx, fixture.config, 4, 10_000);
            Accounts second = fixture.gateway(other);
            Outcome outcome = await(second.submit(
                    key, count(AccountFixture.record("b", MB, fixture.now.get()).at(FRANCE))));
            assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
            assertThat(TestDatabase.rows(
                            fixture.config, "SELECT data ->> 'country' FROM event WHERE type = 'tariff.told'"))
                    .containsExactly("FR");
            await(other.close());
        }
    }

    @Test
    void aMemberIsToldWhatTheSharedVolumeAndItsOwnCapLeaveItAndNobodyElseIs() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey owner = fixture.open(shared());
            AccountKey child = fixture.join(owner);
            fixture.accepted(
                    child, new AccountCommand.SetMemberCap(new MemberCap(20 * MB, MemberCap.Window.DAY), null, ADMIN));
            for (String id : List.of("a", "b")) {
                fixture.accepted(
                        child,
                        count(AccountFixture.record(id, MB, fixture.now.get()).at(SWITZERLAND)));
            }
            assertThat(TestDatabase.rows(fixture.config, """
                            SELECT (subject_id = (SELECT subscription_id FROM account WHERE id = %d))
                                   || ' ' || (data ->> 'country') || ' ' || (data ->> 'remainingBytes')
                            FROM event WHERE type = 'tariff.told'
                            """.formatted(child.accountId())))
                    .containsExactly("true CH " + 20 * MB);
        }
    }

    @Test
    void whoLeftASharedVolumeIsNotToldOfItsTariffByWhatComesLate() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey owner = fixture.open(shared());
            AccountKey child = fixture.join(owner);
            fixture.use(child, "a", MB);
            Instant member = fixture.now.getAndUpdate(moment -> moment.plusSeconds(60));
            fixture.accepted(child, new AccountCommand.LeaveShared("done", ADMIN));
            fixture.accepted(
                    child, count(AccountFixture.record("late", MB, member).at(SWITZERLAND)));
            assertThat(TestDatabase.rows(
                            fixture.config, "SELECT data ->> 'country' FROM event WHERE type = 'tariff.told'"))
                    .containsExactly("FR");
        }
    }

    /** Switzerland costs more, but has no volume of its own: such a plan is not shared. */
    private static PlanTerms shared() {
        return terms().with(List.of(new ZoneTariff("CH", "Switzerland", Set.of(), 0, 30_000L)))
                .with(new Sharing(4, 0, null));
    }

    private static PlanTerms terms() {
        return AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(90, Validity.StartMode.ON_ORDER))
                .with(new Overage("EUR", 10_000, 8_000, 5_000))
                .with(List.of(SWISS));
    }

    private void use(SessionPlace place, long bytes) {
        now = now.plusSeconds(1);
        decide(count(AccountFixture.record("r" + serial++, bytes, now).at(place)));
    }

    private static AccountCommand count(UsageRecord record) {
        return new AccountCommand.CountUsage(record, NETWORK);
    }

    private void arrive(SessionPlace place) {
        now = now.plusSeconds(1);
        decide(new AccountCommand.ReportLocation(place.plmn(), place.country(), null, null, null, now, NETWORK));
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.EventRaised event && event.type().equals(TariffNotice.EVENT)) {
                told.add(event.data());
            }
        }
    }
}
