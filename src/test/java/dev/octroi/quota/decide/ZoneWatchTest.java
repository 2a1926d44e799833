package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Places of a plan: what they are made of, what entering and leaving does, and what is told of it. */
class ZoneWatchTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "traveller", null);
    private static final Speed SLOW = Speed.both(1_000);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state;
    private Decision last;
    private int serial;

    @Test
    void anAreaIsTheSameWithAndWithoutTheZerosBeforeIt() {
        for (String written : List.of("228-01-1A", "228-01-001A", "228-01-00001A")) {
            begin(new ZoneCap("zone_tac", "Area", Set.of(written), SLOW));
            for (String tac : List.of("1A", "001A", "00001A")) {
                at("228-01", tac, "000F");
                assertThat(state.place().zoneId()).as("%s in %s", tac, written).isEqualTo("zone_tac");
            }
            at("228-01", "1A0", null);
            assertThat(state.place().zoneId()).isNull();
        }
        begin(new ZoneCap("zone_cell", "Cell", Set.of("228-01-001A-0"), SLOW));
        at("228-01", "1A", "0000000");
        assertThat(state.place().zoneId()).isEqualTo("zone_cell");
        at("228-1", "1A", "0");
        assertThat(state.place().zoneId()).as("another network").isNull();
    }

    @Test
    void aZoneIsOfNetworksTrackingAreasAndCellsAndTheLongestCounts() {
        begin(
                new ZoneCap("zone_net", "Network", Set.of("208-10"), Speed.both(4_000)),
                new ZoneCap("zone_tac", "Area", Set.of("208-10-7501"), Speed.both(2_000)),
                new ZoneCap("zone_cell", "Cell", Set.of("208-10-7501-00A1"), SLOW));
        at("208-10", null, null);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(4_000));
        at("208-10", "7501", "00FF");
        assertThat(state.policy().speed()).isEqualTo(Speed.both(2_000));
        at("208-10", "7501", "00A1");
        assertThat(state.policy().speed()).isEqualTo(SLOW);
        at("208-10", "9999", null);
        assertThat(state.policy().speed()).as("elsewhere in the network").isEqualTo(Speed.both(4_000));
        at("208-01", "7501", "00A1");
        assertThat(state.policy().level())
                .as("the same numbers of another network")
                .isEqualTo(Level.NORMAL);
    }

    @Test
    void enteringAndLeavingAreReported() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), SLOW));
        at("208-01", "75", null);
        assertThat(raised("zone.entered")).containsExactly(Map.of("zone", "zone_a", "name", "Centre", "country", "FR"));
        assertThat(raised("zone.breached")).as("slower is no breach").isEmpty();
        at("208-01", "75", "01");
        assertThat(raised("zone.entered")).as("another cell of it").isEmpty();
        at("208-01", "76", null);
        assertThat(raised("zone.left")).containsExactly(Map.of("zone", "zone_a", "name", "Centre", "country", "FR"));
    }

    @Test
    void aRecordOfAnotherNetworkLeavesTheZoneAlsoWithoutAnArea() {
        for (Speed inside : Arrays.asList(SLOW, null)) {
            begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), inside));
            at("208-01", "75", null);
            Instant entered = now;
            assertThat(state.policy().level()).isNotEqualTo(Level.NORMAL);
            used("208-01", "FR", MB, 10);
            assertThat(zoneOfUse()).as("the same network").isEqualTo("zone_a");
            now = now.plusSeconds(10);
            count("214-07", "ES", MB, entered.minusSeconds(30));
            assertThat(zoneOfUse()).as("older than the report").isEqualTo("ES");
            count("214-07", "ES", MB, now.minusSeconds(15));
            assertThat(state.policy().level())
                    .as("older than what was used since")
                    .isNotEqualTo(Level.NORMAL);
            used("214-07", "ES", 0, 60);
            assertThat(raised("zone.left"))
                    .containsExactly(Map.of("zone", "zone_a", "name", "Centre", "country", "ES"));
            assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
            used("214-07", "ES", MB, 10);
            assertThat(zoneOfUse()).isEqualTo("ES");
            count("208-01", "FR", MB, now.minusSeconds(30));
            assertThat(raised("zone.entered")).isEmpty();
            assertThat(zoneOfUse()).as("late, of before the flight").isEqualTo("FR");
        }
    }

    @Test
    void whoHasJustEnteredIsSlowForItsMinuteAlsoWhenARecordSaysThatItLeft() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), SLOW));
        at("208-01", "75", null);
        used("214-07", "ES", MB, 20);
        assertThat(raised("zone.left")).hasSize(1);
        assertThat(state.policy().speed()).isEqualTo(SLOW);
        tickAt(now.plusSeconds(40).toString());
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aReportOfAnAreaIsMoreExactThanARecordThatCameBeforeIt() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), SLOW));
        used("208-01", "FR", MB, 10);
        decide(new AccountCommand.ReportLocation("208-01", "FR", "75", null, null, now.minusSeconds(5), NETWORK));
        assertThat(state.policy().speed()).isEqualTo(SLOW);
    }

    @Test
    void aFeedWhoseClockIsAheadHidesNoRecordOfAnotherOne() {
        begin(new ZoneCap("zone_ch", "Switzerland", Set.of("228-01"), null));
        count("228-01", "CH", MB, now.plusSeconds(240));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.lastEventAt()).as("no reading is of later").isEqualTo(now);
        used("208-01", "FR", MB, 60);
        assertThat(state.policy().level()).as("over the border").isEqualTo(Level.NORMAL);
        assertThat(state.lastEventAt()).isEqualTo(now);
    }

    @Test
    void aZoneOfANetworkIsEnteredByTheFirstRecordOfIt() {
        begin(new ZoneCap("zone_net", "Network", Set.of("208-10"), SLOW));
        used("208-10", "FR", MB, 10);
        assertThat(state.policy().speed()).isEqualTo(SLOW);
        assertThat(zoneOfUse()).isEqualTo("zone_net");
        used("208-01", "FR", MB, 60);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(zoneOfUse()).isEqualTo("FR");
        count("208-10", "FR", MB, now.minusSeconds(55));
        assertThat(zoneOfUse()).as("late").isEqualTo("zone_net");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aRuleHearsOfTheCountryFromRecordsWithoutAnArea() {
        begin();
        decide(new AccountCommand.PutRules(
                Rule.Owner.USER,
                List.of(new Rule(
                        "abroad",
                        Rule.Owner.USER,
                        new Condition.Happened(Condition.Occasion.COUNTRY_CHANGED, Where.EVERYWHERE),
                        List.of(new Action.Pause()),
                        new Rule.End.Manual())),
                null,
                ADMIN));
        used("208-01", "FR", MB, 10);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        used("214-07", "ES", MB, 10);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void whereNothingDependsOnThePlaceItIsNotKept() {
        begin();
        used("208-01", "FR", MB, 10);
        assertThat(state.place()).isNull();
    }

    @Test
    void aPlanThatBlocksStopsDataInsideAndTellsTheBreach() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), null));
        at("208-01", "75", null);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).isEqualTo("zone.blocked");
        assertThat(state.restrictions().getFirst().restrictionClass()).isEqualTo(RestrictionClass.ZONE);
        assertThat(raised("zone.breached").getFirst()).containsEntry("then", "blocks");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(last.replies().getFirst()).isInstanceOf(Reply.Refused.class);
        at("208-01", "76", null);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void aPlanThatAsksStopsDataAtEachVisitUntilTheTravellerGoesOn() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), null, null, ZoneCap.Entry.ASK));
        at("208-01", "75", null);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).isEqualTo("zone.ask_first");
        assertThat(raised("zone.breached").getFirst()).containsEntry("then", "asks");
        decide(new AccountCommand.TopUp(GB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).as("volume is no answer").isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        at("208-01", "75", "02");
        assertThat(state.policy().level()).as("asked once a visit").isEqualTo(Level.NORMAL);
        at("208-01", "76", null);
        at("208-01", "75", null);
        assertThat(state.policy().reasonCode()).isEqualTo("zone.ask_first");
    }

    @Test
    void aPlanThatWarnsTellsTheBreachAndHoldsNothingBack() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), null, null, ZoneCap.Entry.WARN));
        at("208-01", "75", null);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(state.policy().version()).isZero();
        assertThat(raised("zone.breached"))
                .containsExactly(Map.of("zone", "zone_a", "name", "Centre", "country", "FR", "then", "warns"));
    }

    @Test
    void aBusyZoneIsSlowerInItsHoursAlthoughNoRecordArrives() {
        begin(evening(18, 23));
        at("208-01", "75", null);
        assertThat(state.policy().level()).as("eleven in the morning").isEqualTo(Level.NORMAL);
        tickAt("2026-11-23T17:00:00Z");
        assertThat(state.policy().speed()).as("six in the evening").isEqualTo(SLOW);
        assertThat(state.policy().until()).isEqualTo(new Until.At(Instant.parse("2026-11-23T22:00:00Z")));
        tickAt("2026-11-23T22:00:00Z");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        tickAt("2026-11-24T17:00:00Z");
        assertThat(state.policy().speed()).as("night after night").isEqualTo(SLOW);
        at("208-01", "76", null);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(state))
                .as("elsewhere its hours do not matter, and the plan's end is told a day before")
                .isEqualTo(state.endsAt().minus(Duration.ofDays(1)));
    }

    @Test
    void whoEntersABusyZoneInItsHoursIsSlowedAtOnceAlsoOverMidnight() {
        begin(evening(22, 6));
        now = Instant.parse("2026-11-23T23:30:00Z");
        at("208-01", "75", null);
        assertThat(state.policy().speed()).isEqualTo(SLOW);
        tickAt("2026-11-24T05:00:00Z");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void hoursOfAZoneAreThoseOfTheTravellerAndHoldWhenClocksChange() {
        now = Instant.parse("2026-10-24T10:00:00Z");
        begin(evening(1, 4));
        at("208-01", "75", null);
        tickAt("2026-10-24T23:00:00Z");
        assertThat(state.policy().speed()).as("one in the night of Paris").isEqualTo(SLOW);
        tickAt("2026-10-25T01:00:00Z");
        assertThat(state.policy().speed()).as("the hour that comes twice").isEqualTo(SLOW);
        tickAt("2026-10-25T03:00:00Z");
        assertThat(state.policy().level()).as("four, an hour later").isEqualTo(Level.NORMAL);
        decide(new AccountCommand.SetTimeZone(ZoneId.of("Asia/Shanghai"), ADMIN));
        while (now.isBefore(Instant.parse("2026-10-26T17:00:00Z"))) {
            tickAt(NextMoment.of(state).toString());
        }
        assertThat(now).as("one in the night of Shanghai").isEqualTo("2026-10-26T17:00:00Z");
        assertThat(state.policy().speed()).isEqualTo(SLOW);
    }

    @Test
    void aRuleMayNameAZoneThatThePlanOnlyWarnsOf() {
        begin(new ZoneCap("zone_a", "Centre", Set.of("208-01-75"), null, null, ZoneCap.Entry.WARN));
        List<Rule> rules = RuleJson.readStored("""
                [{"id": "z", "when": {"zones": ["zone_a"]}, "then": [{"do": "throttle", "rate": {"up": 64, "down": 512}}]}]
                """, Rule.Owner.RESELLER);
        decide(new AccountCommand.PutRules(Rule.Owner.RESELLER, rules, null, ADMIN));
        at("208-01", "75", null);
        assertThat(state.policy().speed()).isEqualTo(new Speed(512, 64));
    }

    @Test
    void termsWithEveryKindOfPlaceAreReadBackAndOlderOnesAreReadAsTheyWere() {
        PlanTerms terms = terms(
                evening(18, 23),
                new ZoneCap("zone_b", "B", Set.of("208-01-76"), null, null, ZoneCap.Entry.ASK),
                new ZoneCap("zone_c", "C", Set.of("208-01-77"), null));
        assertThat(PlanTerms.fromJson(terms.toJson())).isEqualTo(terms);
        PlanTerms plain = terms(new ZoneCap("zone_c", "C", Set.of("208-01-77"), SLOW));
        assertThat(plain.toJson()).doesNotContain("hours").doesNotContain("entry");
    }

    @Test
    void placesThatContradictThemselvesAreRefused() {
        Where.Hours evening = new Where.Hours(LocalTime.of(18, 0), LocalTime.of(23, 0));
        Where.Hours odd = new Where.Hours(LocalTime.of(18, 30), LocalTime.of(23, 0));
        assertThatThrownBy(() -> new ZoneCap("z", "Z", Set.of("208-01"), null, evening, ZoneCap.Entry.ASK))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ZoneCap("z", "Z", Set.of("208-01"), SLOW, null, ZoneCap.Entry.WARN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ZoneCap("z", "Z", Set.of("208-01"), SLOW, odd, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ZoneCap evening(int from, int to) {
        return new ZoneCap(
                "zone_a",
                "Centre",
                Set.of("208-01-75"),
                SLOW,
                new Where.Hours(LocalTime.of(from, 0), LocalTime.of(to, 0)),
                null);
    }

    private static PlanTerms terms(ZoneCap... caps) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "Zones",
                1_000 * MB,
                Validity.days(30, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                80,
                List.of(caps),
                DrainPolicy.NOTIFY,
                DayZone.TRAVELLER);
    }

    private void begin(ZoneCap... caps) {
        state = AccountFixture.begun(decider, terms(caps), now);
    }

    /** Two minutes later: no place holds because it is young. */
    private void at(String plmn, String tac, String cell) {
        now = now.plusSeconds(120);
        decide(new AccountCommand.ReportLocation(plmn, "FR", tac, cell, null, now, NETWORK));
    }

    /** A record without an area, so many seconds later, of that time. */
    private void used(String plmn, String country, long bytes, int seconds) {
        now = now.plusSeconds(seconds);
        count(plmn, country, bytes, now);
    }

    private void count(String plmn, String country, long bytes, Instant end) {
        UsageRecord record =
                AccountFixture.record("r" + serial++, bytes, end).at(new SessionPlace(plmn, country, null));
        decide(new AccountCommand.CountUsage(record, NETWORK));
    }

    private String zoneOfUse() {
        return last.effects().stream()
                .filter(Effect.LedgerRow.class::isInstance)
                .map(each -> ((Effect.LedgerRow) each).zone())
                .findFirst()
                .orElseThrow();
    }

    /** The account asked to be looked at then. */
    private void tickAt(String moment) {
        assertThat(NextMoment.of(state)).isEqualTo(moment).isAfter(now);
        now = Instant.parse(moment);
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private List<Map<String, Object>> raised(String type) {
        return last.effects().stream()
                .filter(Effect.EventRaised.class::isInstance)
                .map(Effect.EventRaised.class::cast)
                .filter(event -> event.type().equals(type))
                .map(Effect.EventRaised::data)
                .toList();
    }

    private void decide(AccountCommand command) {
        last = decider.decide(state, command, now);
        state = last.state();
    }
}
