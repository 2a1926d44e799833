package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Conditions, actions and ends of rules, each by an example. */
class RuleWatchTest {
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "traveller", null);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), now);
    private Decision last;
    private int serial;

    @Test
    void secondsOfUseThatOverlapCountOnce() {
        put(Rule.Owner.USER, """
                [{"id": "hour", "when": {"window": "day", "overSeconds": 3600}, "then": [{"do": "pause"}]}]
                """);
        use(now.minusSeconds(2_000), now, "FR");
        use(now.minusSeconds(1_900), now, "FR");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = now.plusSeconds(1_599);
        use(now.minusSeconds(1_599), now, "FR");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = now.plusSeconds(1);
        use(now.minusSeconds(10), now, "FR");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void moneyChargedBeyondTheVolumeIsALimit() {
        PlanTerms terms = AccountFixture.terms(MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                .with(new Overage("EUR", 10_000, 8_000, 5_000));
        state = AccountFixture.begun(decider, terms, now);
        decide(new AccountCommand.AgreeOverage(0, "v1", ADMIN));
        now = now.plusSeconds(60);
        put(Rule.Owner.USER, """
                [{"id": "ten", "when": {"window": "day", "overMinor": 1000}, "then": [{"do": "ask"}]}]
                """);
        now = now.plusSeconds(100);
        use(100 * MB);
        assertThat(state.charges().minor()).isEqualTo(990);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().reasonCode()).isEqualTo("user.ask_first");
    }

    @Test
    void travellerMayGoOnWhereTheResellerAsks() {
        put(Rule.Owner.RESELLER, """
                [{"id": "ask", "when": {"zones": ["CH"]}, "then": [{"do": "ask"}]}]
                """);
        move("228-01", "CH");
        assertThat(state.policy().reasonCode()).isEqualTo("reseller.ask_first");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(MB);
        assertThat(state.policy().level()).as("asked once").isEqualTo(Level.NORMAL);
        move("208-01", "FR");
        move("228-01", "CH");
        assertThat(state.policy().reasonCode())
                .as("asked again on the next visit")
                .isEqualTo("reseller.ask_first");
    }

    @Test
    void resumingAPauseLeavesWhatTheTravellersOwnLimitAndAQuestionHold() {
        put(Rule.Owner.USER, """
                [{"id": "daily", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}]}]
                """);
        put(Rule.Owner.RESELLER, """
                [{"id": "ask", "when": {"zones": ["CH"]}, "then": [{"do": "ask"}]}]
                """);
        use(MB);
        decide(new AccountCommand.Pause(TRAVELLER));
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().reasonCode()).as("the limit still holds").isEqualTo("user.limit_reached");

        decide(new AccountCommand.Pause(TRAVELLER));
        move("228-01", "CH");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().reasonCode())
                .as("who goes on at home has not agreed to go on abroad")
                .isEqualTo("reseller.ask_first");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().reasonCode()).as("data flows, slowly").isEqualTo("user.limit_reached");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void goingOnOverALimitLiftsAllThatItsRuleDoesAndLeavesTheOtherRules() {
        put(Rule.Owner.USER, """
                [{"id": "day", "when": {"hours": {"from": "06:00", "to": "22:00"}},
                  "then": [{"do": "block_categories", "categories": ["social"]}]},
                 {"id": "daily", "when": {"window": "day", "overBytes": 1000000},
                  "then": [{"do": "pause"}, {"do": "block_categories", "categories": ["video"]}]}]
                """);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(state.policy().blockedCategories()).containsExactly("social");
    }

    @Test
    void travellerMayNotGoOnWhereTheResellerPauses() {
        put(Rule.Owner.RESELLER, """
                [{"id": "shut", "when": {"zones": ["CH"]}, "then": [{"do": "pause"}]}]
                """);
        move("228-01", "CH");
        decide(new AccountCommand.Resume(TRAVELLER));
        assertThat(last.replies().getFirst()).isInstanceOf(Reply.Refused.class);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.restrictions().getFirst().restrictionClass()).isEqualTo(RestrictionClass.ZONE);
    }

    @Test
    void namedCategoriesAreBlockedByName() {
        put(Rule.Owner.USER, """
                [{"id": "video", "when": {"window": "day", "overBytes": 1000000},
                  "then": [{"do": "block_categories", "categories": ["video", "social"]}]}]
                """);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(state.policy().blockedCategories()).containsExactly("social", "video");
    }

    @Test
    void anotherDeviceActsAtOnce() {
        put(Rule.Owner.RESELLER, """
                [{"id": "lock", "when": {"event": "device_changed"}, "then": [{"do": "suspend"}], "until": "manual"}]
                """);
        seen("aa".repeat(16));
        assertThat(state.policy().level()).as("the first device is no change").isEqualTo(Level.NORMAL);
        now = now.plus(Duration.ofHours(2));
        seen("bb".repeat(16));
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
        assertThat(state.policy().reasonCode()).isEqualTo("reseller.device_changed");
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).as("a top-up lifts no lock").isEqualTo(Level.SUSPENDED_ALL);
    }

    @Test
    void ruleUntilAMomentEndsThenAndActsNoMore() {
        put(Rule.Owner.USER, """
                [{"id": "trip", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}],
                  "until": "moment", "untilAt": "2026-11-23T12:00:00Z"}]
                """);
        use(MB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(64));
        now = Instant.parse("2026-11-23T12:00:00Z");
        assertThat(NextMoment.of(state)).isEqualTo(now);
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        now = now.plus(Duration.ofDays(1));
        use(2 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void travellersRuleUntilATopUpEndsWithIt() {
        put(Rule.Owner.USER, """
                [{"id": "stop", "when": {"window": "period", "overBytes": 1000000}, "then": [{"do": "pause"}],
                  "until": "top_up"}]
                """);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void topUpNeverLiftsAFraudBlock() {
        put(Rule.Owner.USER, """
                [{"id": "stop", "when": {"window": "period", "overBytes": 1000000}, "then": [{"do": "pause"}],
                  "until": "top_up"}]
                """);
        decide(new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "stolen", ADMIN));
        use(MB);
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().reasonCode()).isEqualTo("legal.held");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_ALL);
    }

    @Test
    void changedHoursBeginAnewAndDeletedOnesEnd() {
        put(Rule.Owner.USER, hours("10:00", "12:00"));
        assertThat(state.policy().level()).as("eleven in Paris").isEqualTo(Level.BACKGROUND_BLOCKED);
        put(Rule.Owner.USER, hours("12:00", "13:00"));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-23T11:00:00Z"));
        put(Rule.Owner.USER, "[]");
        assertThat(NextMoment.of(state))
                .as("the notice of the plan's end")
                .isEqualTo(state.endsAt().minus(Duration.ofDays(1)));
    }

    @Test
    void hoursMoveWithTheTravellersTimeZone() {
        put(Rule.Owner.USER, hours("10:00", "12:00"));
        decide(new AccountCommand.SetTimeZone(ZoneId.of("Asia/Shanghai"), ADMIN));
        assertThat(state.policy().level()).as("until the day is over").isEqualTo(Level.BACKGROUND_BLOCKED);
        now = Instant.parse("2026-11-23T23:00:00Z");
        decide(new AccountCommand.Tick(ADMIN));
        assertThat(state.policy().level()).as("seven in the morning").isEqualTo(Level.NORMAL);
        assertThat(NextMoment.of(state)).isEqualTo(Instant.parse("2026-11-24T02:00:00Z"));
    }

    @Test
    void strictestOfThreeOwnersWins() {
        put(Rule.Owner.OPERATOR, throttle(256));
        put(Rule.Owner.RESELLER, throttle(1_000));
        put(Rule.Owner.USER, throttle(10_000));
        use(MB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(256));
        put(Rule.Owner.USER, throttle(64));
        assertThat(state.policy().speed()).as("a traveller may tighten").isEqualTo(Speed.both(64));
        put(Rule.Owner.USER, "[]");
        assertThat(state.policy().speed()).as("and never loosen").isEqualTo(Speed.both(256));
    }

    @Test
    void operatorsBlockUntilATopUpIsRefusedAndOneStoredBeforeOutlivesIt() throws Exception {
        String block = """
                [{"id": "fraud", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "%s"}], "until": "top_up"}]
                """;
        for (String action : List.of("pause", "suspend")) {
            String json = block.formatted(action);
            assertThat(RuleJson.read(new JsonMapper().readTree(json), Rule.Owner.OPERATOR))
                    .asInstanceOf(InstanceOfAssertFactories.type(RuleJson.Result.Invalid.class))
                    .satisfies(refused ->
                            assertThat(refused.faults().getFirst().pointer()).isEqualTo("#/0/until"));
            put(Rule.Owner.OPERATOR, json);
            use(MB);
            Level level = state.policy().level();
            assertThat(level).isGreaterThanOrEqualTo(Level.SUSPENDED_DATA);
            decide(new AccountCommand.TopUp(500 * MB, "t-" + action, "more", ADMIN));
            assertThat(state.policy().level()).as(action).isEqualTo(level);
        }
    }

    @Test
    void operatorsFairUseUntilATopUpEndsWithIt() {
        put(Rule.Owner.OPERATOR, """
                [{"id": "fair", "when": {"window": "period", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}],
                  "until": "top_up"}]
                """);
        use(MB);
        assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void topUpLiftsNothingThatAnotherDeviceBrought() throws Exception {
        String json = """
                [{"id": "lock", "when": {"event": "device_changed"}, "then": [{"do": "pause"}], "until": "top_up"}]
                """;
        assertThat(RuleJson.read(new JsonMapper().readTree(json), Rule.Owner.USER))
                .isInstanceOf(RuleJson.Result.Invalid.class);
    }

    @Test
    void zoneIsClosedWhereTheCountryChangedUntilItIsLeft() {
        put(Rule.Owner.USER, """
                [{"id": "border", "when": {"event": "country_changed"}, "then": [{"do": "block_zone"}]}]
                """);
        move("208-01", "FR");
        assertThat(state.policy().level()).as("the first country is no change").isEqualTo(Level.NORMAL);
        move("228-01", "CH");
        assertThat(state.policy().reasonCode()).isEqualTo("user.country_changed");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        now = now.plusSeconds(60);
        move("228-02", "CH");
        assertThat(state.policy().level()).as("another network of the country").isEqualTo(Level.SUSPENDED_DATA);
        now = now.plusSeconds(60);
        put(Rule.Owner.USER, "[]");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    /** A zone of the plan lies in the country: who walks into it has not left the country. */
    @Test
    void aCountryIsNotLeftByEnteringAZoneOfThePlanInsideIt() {
        PlanTerms terms = new PlanTerms(
                PlanTerms.SCHEMA,
                "plan",
                3 * AccountFixture.GB,
                Validity.days(30, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                80,
                List.of(new ZoneCap("zone_zurich", "Zurich", Set.of("228-02"), Speed.both(256))),
                DrainPolicy.NOTIFY,
                DayZone.TRAVELLER);
        state = AccountFixture.begun(decider, terms, now);
        put(Rule.Owner.USER, """
                [{"id": "border", "when": {"event": "country_changed"}, "then": [{"do": "block_zone"}]}]
                """);
        move("208-01", "FR");
        move("228-01", "CH");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        for (String network : List.of("228-02", "228-01", "228-02")) {
            move(network, "CH");
            now = now.plusSeconds(120);
            tick();
            assertThat(state.policy().level()).as(network).isEqualTo(Level.SUSPENDED_DATA);
        }
        move("262-01", "DE");
        assertThat(state.policy().reasonCode()).as("closed anew").isEqualTo("user.country_changed");
        put(Rule.Owner.USER, "[]");
        now = now.plusSeconds(120);
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void zoneOfAnAlarmIsClosedUntilItIsLeft() {
        put(Rule.Owner.RESELLER, """
                [{"id": "drain", "when": {"event": "alarm"}, "then": [{"do": "block_zone"}], "until": "manual"}]
                """);
        move("228-01", "CH");
        Draft draft = new Draft(state, now);
        RuleWatch.happened(draft, Condition.Occasion.ALARM);
        draft.settle(ADMIN);
        state = draft.toState();
        assertThat(state.policy().reasonCode()).isEqualTo("reseller.alarm");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        now = now.plusSeconds(60);
        move("208-01", "FR");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void whatSomebodyOpenedStaysOpenInAnotherNetworkOfThePlace() {
        put(Rule.Owner.USER, """
                [{"id": "swiss", "when": {"window": "day", "overBytes": 100000000, "zones": ["CH"]},
                  "then": [{"do": "block_zone"}], "until": "top_up"}]
                """);
        move("228-01", "CH");
        use(now, now, "228-01", "CH", 100 * MB);
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.TopUp(MB, "paid", "more", ADMIN));
        move("228-03", "CH");
        assertThat(state.policy().level()).as("paid for").isEqualTo(Level.NORMAL);
        now = now.plusSeconds(60);
        use(now, now, "228-02", "CH", MB);
        assertThat(state.policy().level()).as("in a third one").isEqualTo(Level.NORMAL);
        move("208-01", "FR");
        move("228-03", "CH");
        assertThat(state.policy().level()).as("at the next visit").isEqualTo(Level.SUSPENDED_DATA);
        decide(new AccountCommand.Resume(ADMIN));
        move("228-01", "CH");
        assertThat(state.policy().level()).as("the traveller goes on").isEqualTo(Level.NORMAL);
    }

    @Test
    void placeOrNetworkIsClosedByARuleThatNamesIt() {
        put(Rule.Owner.RESELLER, """
                [{"id": "swiss", "when": {"zones": ["CH"]}, "then": [{"do": "block_zone"}]},
                 {"id": "dear", "when": {"window": "day", "overBytes": 1000000, "networks": ["208-10"]},
                  "then": [{"do": "block_zone"}]}]
                """);
        move("228-01", "CH");
        assertThat(state.policy().reasonCode()).isEqualTo("reseller.place");
        now = now.plusSeconds(60);
        move("208-10", "FR");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        useOn("208-10", MB);
        assertThat(state.policy().reasonCode()).isEqualTo("reseller.limit_reached");
        now = now.plusSeconds(60);
        move("208-01", "FR");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void closingNoPlaceInParticularIsRefused() throws Exception {
        for (String when : List.of(
                "{\"window\": \"day\", \"overBytes\": 9}", "{\"hours\": {\"from\": \"01:00\", \"to\": \"02:00\"}}")) {
            String json = "[{\"id\": \"z\", \"when\": " + when + ", \"then\": [{\"do\": \"block_zone\"}]}]";
            assertThat(RuleJson.read(new JsonMapper().readTree(json), Rule.Owner.USER))
                    .asInstanceOf(InstanceOfAssertFactories.type(RuleJson.Result.Invalid.class))
                    .satisfies(refused -> assertThat(refused.faults().getFirst().detail())
                            .contains("block_zone needs zones or networks"));
        }
    }

    private static String hours(String from, String to) {
        return """
                [{"id": "h", "when": {"hours": {"from": "%s", "to": "%s"}}, "then": [{"do": "block_background"}]}]
                """.formatted(from, to);
    }

    private static String throttle(int kbps) {
        return """
                [{"id": "t", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": %d}]}]
                """.formatted(kbps);
    }

    private void put(Rule.Owner owner, String json) {
        List<Rule> rules = RuleJson.readStored(json, owner);
        decide(new AccountCommand.PutRules(owner, rules, null, ADMIN));
        assertThat(last.replies().getFirst()).isEqualTo(Reply.DONE);
    }

    private void use(long bytes) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, now), NETWORK));
    }

    private void use(Instant start, Instant end, String country) {
        use(start, end, "208-01", country, 1_000);
    }

    private void useOn(String plmn, long bytes) {
        use(now, now, plmn, "FR", bytes);
    }

    private void use(Instant start, Instant end, String plmn, String country, long bytes) {
        UsageRecord record = new UsageRecord(
                "net-a",
                "r" + serial++,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                start,
                end,
                end,
                0,
                bytes,
                plmn,
                country,
                null,
                "NR",
                Category.WEB);
        decide(new AccountCommand.CountUsage(record, NETWORK));
    }

    private void move(String plmn, String country) {
        now = now.plusSeconds(60);
        decide(new AccountCommand.ReportLocation(plmn, country, null, null, null, now, NETWORK));
    }

    private void seen(String device) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", null, null, device, now, NETWORK));
    }

    private void tick() {
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        last = decider.decide(state, command, now);
        state = last.state();
    }
}
