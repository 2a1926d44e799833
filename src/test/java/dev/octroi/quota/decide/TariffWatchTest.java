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
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.quota.AccountLoadStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * 100 MB anywhere, 50 MB more in Switzerland; beyond them 0.10 euro a megabyte, in Switzerland 0.30, in an Alpine valley of
 * Switzerland 1 euro.
 */
class TariffWatchTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", "jti-2");
    private static final SessionPlace FRANCE = new SessionPlace("208-01", "FR", null);
    private static final SessionPlace SWITZERLAND = new SessionPlace("228-01", "CH", null);
    private static final SessionPlace VALLEY = new SessionPlace("228-01", "CH", "228-01-00AA");
    private static final ZoneTariff SWISS = new ZoneTariff("CH", "Switzerland", Set.of(), 50 * MB, 30_000L);
    private static final ZoneTariff ALPINE =
            new ZoneTariff("zone_valley", "Valley", Set.of("228-01-00AA"), 0, 100_000L);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, terms(), now);
    private final List<Effect> effects = new ArrayList<>();
    private int serial;

    @Test
    void volumeForAZoneIsSpentThereFirstAndNowhereElse() {
        use(SWITZERLAND, 20 * MB);
        assertThat(used()).containsExactly(0L, 20 * MB);
        use(FRANCE, 10 * MB);
        assertThat(used()).containsExactly(10 * MB, 20 * MB);
        use(SWITZERLAND, 40 * MB);
        assertThat(used()).as("what the zone has not, the plan gives").containsExactly(20 * MB, 50 * MB);
        AccountView view = Views.of(state, null, now, null, null);
        assertThat(view.buckets()).extracting(Bucket::kind).containsExactly(Bucket.Kind.ZONE, Bucket.Kind.PLAN);
        assertThat(view.remainingBytes()).isEqualTo(80 * MB);
        assertThat(state.usedBytes()).isEqualTo(70 * MB);
    }

    @Test
    void boughtVolumeForAZoneIsSpentThereFirstAndNowhereElse() {
        buy(new Grant(60 * MB, 0, 0, "alps", "more", List.of("zone_valley")));
        use(FRANCE, 100 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        arrive(VALLEY);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(Views.of(state, null, now, null, null).remainingBytes()).isEqualTo(60 * MB);
        use(VALLEY, 10 * MB);
        assertThat(used()).containsExactly(100 * MB, 0L, 10 * MB);
        arrive(SWITZERLAND);
        assertThat(Views.of(state, null, now, null, null).remainingBytes())
                .as("the valley's is not Switzerland's")
                .isEqualTo(50 * MB);
        arrive(FRANCE);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        buy(new Grant(MB, 0, 0, "abroad", "more", List.of("CH", "zone_valley")));
        assertThat(state.policy().reasonCode()).as("it is for elsewhere").isEqualTo("plan.quota_used");
        arrive(SWITZERLAND);
        assertThat(Views.of(state, null, now, null, null).remainingBytes()).isEqualTo(51 * MB);
    }

    @Test
    void aLittleBoughtWhereTheTravellerIsOpensTheZone() {
        use(SWITZERLAND, 150 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        buy(new Grant(MB, 0, 0, "here", "more", List.of("CH")));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        arrive(FRANCE);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
    }

    @Test
    void volumeIsNotSoldForAZoneThatThePlanDoesNotKnow() {
        Grant grant = new Grant(MB, 0, 0, "spain", "more", List.of("CH", "ES"));
        Reply reply = decide(new AccountCommand.TopUp(grant, ADMIN)).replies().getFirst();
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(Refusal.UNKNOWN_ZONE));
        assertThat(state.buckets()).hasSize(2);
    }

    private void buy(Grant grant) {
        decide(new AccountCommand.TopUp(grant, ADMIN));
    }

    @Test
    void dataStopsWhereNothingIsLeftAndGoesOnWhereSomethingIs() {
        use(FRANCE, 100 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        arrive(SWITZERLAND);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(Views.of(state, null, now, null, null).remainingBytes()).isEqualTo(50 * MB);
        use(SWITZERLAND, 10 * MB);
        arrive(FRANCE);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        arrive(SWITZERLAND);
        use(SWITZERLAND, 40 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("plan.quota_used");
        assertThat(used()).containsExactly(100 * MB, 50 * MB);
        assertThat(state.beyondBytes()).isZero();
    }

    @Test
    void eachRecordCostsThePriceOfItsPlaceAndRowsAddUp() {
        use(FRANCE, 100 * MB);
        use(SWITZERLAND, 50 * MB);
        agree();
        use(FRANCE, MB);
        assertThat(cents()).isEqualTo(10);
        use(SWITZERLAND, MB);
        assertThat(cents()).isEqualTo(40);
        use(VALLEY, MB);
        assertThat(cents()).as("the nearest place counts").isEqualTo(140);
        assertThat(state.charges().bytes()).isEqualTo(3 * MB);
        assertThat(rows()).extracting(Effect.LedgerRow::chargedMinor).containsExactly(10L, 30L, 100L);
    }

    @Test
    void partsOfACentOfSeveralPlacesAddUpBeforeTheyAreRoundedDown() {
        use(FRANCE, 100 * MB);
        use(SWITZERLAND, 50 * MB);
        agree();
        for (int i = 0; i < 10; i++) {
            use(FRANCE, 50_001);
            use(SWITZERLAND, 16_667);
        }
        // 10 times 0.50001 and 0.50001 cents.
        assertThat(cents()).isEqualTo(10);
    }

    @Test
    void aRecordThatPassesTheLimitIsChargedUpToItAtThePriceOfItsPlace() {
        use(FRANCE, 100 * MB);
        use(SWITZERLAND, 50 * MB);
        agree();
        use(FRANCE, 400 * MB);
        use(VALLEY, 15 * MB);
        assertThat(cents()).isEqualTo(5_000);
        assertThat(rows().getLast().chargedBytes()).isEqualTo(10 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
    }

    @Test
    void theLimitHoldsNothingBackWhereVolumeIsLeft() {
        use(FRANCE, 100 * MB);
        agree();
        use(FRANCE, 600 * MB);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        arrive(SWITZERLAND);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        arrive(FRANCE);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(cents()).isEqualTo(5_000);
    }

    @Test
    void aSessionThatCrossesTheBorderPaysEachSideItsPrice() {
        use(FRANCE, 100 * MB);
        use(SWITZERLAND, 50 * MB);
        agree();
        charge(ChargeCommand.Step.CREATE, List.of(), FRANCE);
        // What it reports was used before the border; where it is now comes after.
        charge(ChargeCommand.Step.UPDATE, List.of(unplaced(2 * MB)), SWITZERLAND);
        assertThat(cents()).isEqualTo(20);
        charge(ChargeCommand.Step.UPDATE, List.of(unplaced(2 * MB)), SWITZERLAND);
        assertThat(cents()).isEqualTo(80);
    }

    @Test
    void aLateRecordOfTheOtherSideChangesNeitherPlaceNorWhatHolds() {
        use(FRANCE, 100 * MB);
        Instant before = now;
        now = now.plusSeconds(600);
        arrive(SWITZERLAND);
        count(FRANCE, MB, before);
        assertThat(state.charges().zone()).isEqualTo("CH");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(used()).as("and takes nothing that is for Switzerland").containsExactly(100 * MB, 0L);
    }

    @Test
    void volumeForAZoneRenewsWithThePlan() {
        state = AccountFixture.begun(decider, terms().with(new Renewal(Renewal.Every.DAY, 0)), now);
        use(SWITZERLAND, 60 * MB);
        assertThat(used()).containsExactly(10 * MB, 50 * MB);
        now = now.plus(Duration.ofDays(1));
        decide(new AccountCommand.Tick(Actor.system("clock")));
        assertThat(used()).containsExactly(0L, 0L);
        assertThat(state.buckets()).extracting(Bucket::pastBytes).containsExactly(10 * MB, 50 * MB);
        assertThat(state.buckets()).extracting(Bucket::quotaBytes).containsExactly(100 * MB, 50 * MB);
    }

    @Test
    void whatIsPromisedToASessionIsThereWhereItIs() {
        use(FRANCE, 100 * MB);
        VolumeGrant none = charge(ChargeCommand.Step.CREATE, List.of(), FRANCE);
        assertThat(none.result()).isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        VolumeGrant some = charge(ChargeCommand.Step.UPDATE, List.of(), SWITZERLAND);
        assertThat(some.result()).isEqualTo(VolumeGrant.Result.SUCCESS);
        assertThat(some.bytes()).isBetween(1L, 50 * MB);
    }

    @Test
    void anotherGatewayGoesOnWithPlaceAndPartsOfACent() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey key = fixture.open(terms());
            now = fixture.now.get();
            List<Accounts> gateways = List.of(fixture.accounts, fixture.gateway(fixture.database));
            List<AccountCommand> commands = new ArrayList<>();
            commands.add(count(AccountFixture.record("a", 100 * MB, now).at(FRANCE)));
            commands.add(count(AccountFixture.record("b", 50 * MB, now).at(SWITZERLAND)));
            commands.add(new AccountCommand.AgreeOverage(0, "words-1", TRAVELLER));
            for (int i = 0; i < 20; i++) {
                SessionPlace place = i % 2 == 0 ? SWITZERLAND : FRANCE;
                commands.add(count(AccountFixture.record("c" + i, 33_333, now.plusSeconds(70 + i))
                        .at(place)));
            }
            for (int i = 0; i < commands.size(); i++) {
                fixture.now.set(now.plusSeconds(i < 3 ? i : 70 + i));
                Outcome outcome = QuotaFixture.await(gateways.get(i % 2).submit(key, commands.get(i)));
                assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
            }
            // 10 times 0.99999 and 0.33333 cents.
            AccountState read = QuotaFixture.await(
                            new AccountLoadStore().load(fixture.database.workerPool(), List.of(key), false))
                    .get(key);
            assertThat(read.charges().minor()).isEqualTo(13);
            assertThat(read.charges().rest()).isEqualTo(333_200_000L);
            assertThat(read.charges().zone()).isNull();
            assertThat(read.buckets()).extracting(Bucket::usedBytes).containsExactly(100 * MB, 50 * MB);
        }
    }

    @Test
    void warningComesOnceForEachSizeHoweverOftenTheBorderIsCrossed() {
        use(SWITZERLAND, 125 * MB);
        assertThat(warnings()).containsExactly(150 * MB);
        use(FRANCE, MB);
        assertThat(warnings()).as("76 % of what is for everywhere").containsExactly(150 * MB);
        use(FRANCE, 4 * MB);
        assertThat(warnings()).containsExactly(150 * MB, 100 * MB);
        for (int i = 0; i < 3; i++) {
            use(VALLEY, MB);
            use(SWITZERLAND, MB);
            use(FRANCE, MB);
        }
        assertThat(warnings()).containsExactly(150 * MB, 100 * MB);
    }

    @Test
    void zonesWithVolumesOfOneSizeWarnEachOfItsOwn() {
        ZoneTariff british = new ZoneTariff("GB", "Great Britain", Set.of(), 50 * MB, 30_000L);
        ZoneTariff italian = new ZoneTariff("IT", "Italy", Set.of(), 0, 20_000L);
        state = AccountFixture.begun(decider, terms().with(List.of(SWISS, british, italian)), now);
        use(SWITZERLAND, 125 * MB);
        assertThat(warnings()).containsExactly(150 * MB);
        SessionPlace britain = new SessionPlace("234-10", "GB", null);
        use(britain, 44 * MB);
        assertThat(warnings()).as("119 of 150 MB").containsExactly(150 * MB);
        use(britain, MB);
        assertThat(warnings()).containsExactly(150 * MB, 150 * MB);
        use(FRANCE, 5 * MB);
        assertThat(warnings()).containsExactly(150 * MB, 150 * MB, 100 * MB);
        for (int i = 0; i < 3; i++) {
            use(new SessionPlace("222-01", "IT", null), MB);
            use(SWITZERLAND, MB);
            use(britain, MB);
        }
        assertThat(warnings()).as("each once; a price is no volume").hasSize(3);
    }

    private List<Object> warnings() {
        return effects.stream()
                .filter(each -> each instanceof Effect.EventRaised event
                        && event.type().equals("usage.threshold_reached")
                        && Integer.valueOf(80).equals(event.data().get("percent")))
                .map(each -> ((Effect.EventRaised) each).data().get("limitBytes"))
                .toList();
    }

    private static PlanTerms terms() {
        return AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                .with(new Overage("EUR", 10_000, 8_000, 5_000))
                .with(List.of(SWISS, ALPINE));
    }

    private void use(SessionPlace place, long bytes) {
        now = now.plusSeconds(1);
        count(place, bytes, now);
    }

    private void count(SessionPlace place, long bytes, Instant end) {
        decide(count(AccountFixture.record("r" + serial++, bytes, end).at(place)));
    }

    private static AccountCommand count(UsageRecord record) {
        return new AccountCommand.CountUsage(record, NETWORK);
    }

    private void arrive(SessionPlace place) {
        now = now.plusSeconds(1);
        decide(new AccountCommand.ReportLocation(
                place.plmn(),
                place.country(),
                place.area() == null
                        ? null
                        : place.area().substring(place.plmn().length() + 1),
                null,
                null,
                now,
                NETWORK));
    }

    private void agree() {
        now = now.plusSeconds(1);
        decide(new AccountCommand.AgreeOverage(0, "words-1", TRAVELLER));
        now = now.plusSeconds(60);
    }

    private UsageRecord unplaced(long bytes) {
        return AccountFixture.record("s" + serial++, bytes, now)
                .at(new SessionPlace(ChargeCommand.UNKNOWN_PLMN, "ZZ", null));
    }

    private VolumeGrant charge(ChargeCommand.Step step, List<UsageRecord> used, @Nullable SessionPlace place) {
        now = now.plusSeconds(1);
        ChargeCommand charge = new ChargeCommand(
                step,
                1 << 8,
                9,
                "c:" + serial++,
                Duration.ofHours(1),
                now,
                used,
                null,
                Map.of(),
                Set.of(),
                List.of(GrantHolder.of(10)),
                place,
                null,
                null,
                GrantTerms.DEFAULT,
                ADMIN);
        Decision decision = decide(charge);
        return ((Reply.Charged) decision.replies().getFirst())
                .charged()
                .answer()
                .grants()
                .getFirst();
    }

    private Decision decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        effects.addAll(decision.effects());
        return decision;
    }

    private List<Long> used() {
        return state.buckets().stream().map(Bucket::usedBytes).toList();
    }

    private List<Effect.LedgerRow> rows() {
        return effects.stream()
                .filter(effect -> effect instanceof Effect.LedgerRow row && row.chargedBytes() > 0)
                .map(Effect.LedgerRow.class::cast)
                .toList();
    }

    private long cents() {
        long sum = rows().stream().mapToLong(Effect.LedgerRow::chargedMinor).sum();
        assertThat(state.charges().minor()).as("the rows add up").isEqualTo(sum);
        return sum;
    }
}
