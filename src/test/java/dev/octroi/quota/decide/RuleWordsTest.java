package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each word of the language of rules once: every action, every window, every end, every trigger, every owner's class. */
class RuleWordsTest {
    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), now);
    private Decision last;
    private int serial;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"do": "notify"}                                         | NORMAL             |
            {"do": "throttle", "rate": {"up": 64, "down": 512}}      | THROTTLED          |
            {"do": "block_background"}                               | BACKGROUND_BLOCKED |
            {"do": "block_categories", "categories": ["video"]}      | BACKGROUND_BLOCKED | video
            {"do": "block_zone"}                                     | SUSPENDED_DATA     |
            {"do": "pause"}                                          | SUSPENDED_DATA     |
            {"do": "ask"}                                            | SUSPENDED_DATA     |
            {"do": "suspend"}                                        | SUSPENDED_ALL      |
            """)
    void everyActionDoesWhatItSaysAndTellsIt(String action, Level level, String category) {
        put(Rule.Owner.RESELLER, """
                [{"id": "r", "when": {"window": "day", "overBytes": 1000000, "zones": ["FR"]}, "then": [%s]}]
                """.formatted(action));
        move("208-01", "FR");
        use(MB);
        assertThat(state.policy().level()).isEqualTo(level);
        assertThat(state.policy().speed()).isEqualTo(level == Level.THROTTLED ? new Speed(512, 64) : null);
        assertThat(state.policy().blockedCategories()).isEqualTo(category == null ? List.of() : List.of(category));
        assertThat(raised("usage.threshold_reached"))
                .singleElement()
                .satisfies(data -> assertThat(data)
                        .containsEntry("rule", "r")
                        .containsEntry("owner", "reseller")
                        .containsEntry("actions", List.of(action.split("\"")[3])));
        use(MB);
        assertThat(raised("usage.threshold_reached")).as("once in each window").isEmpty();
    }

    /** Ten o'clock UTC of a Monday is eleven in Paris; the plan lasts seven days. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "window": "hour"                            | 2026-11-23T11:00:00Z
            "window": "day"                             | 2026-11-23T23:00:00Z
            "window": "week"                            | 2026-11-29T23:00:00Z
            "window": "period"                          | 2026-11-30T10:00:00Z
            "window": "rolling", "rollingHours": 6      | 2026-11-23T16:15:00Z
            """)
    void everyWindowLetsGoAtItsEndAlthoughNoRecordArrives(String window, Instant end) {
        put(Rule.Owner.USER, """
                [{"id": "r", "when": {%s, "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}]}]
                """.formatted(window));
        use(MB - 1);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(1);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(64));
        tickThrough(end.minusSeconds(1));
        assertThat(state.policy().speed()).isEqualTo(Speed.both(64));
        assertThat(NextMoment.of(state)).isEqualTo(end);
        tickThrough(end);
        assertThat(state.restrictions()).noneMatch(each -> each.ruleId() != null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "window_end"                                | false | false | 2026-11-23T23:00:00Z
            "top_up"                                    | true  | false | 2026-11-23T23:00:00Z
            "manual"                                    | false | true  |
            "moment", "untilAt": "2026-11-25T08:00:00Z" | false | false | 2026-11-25T08:00:00Z
            """)
    void everyEndEndsItAndNothingElseDoes(String until, boolean byTopUp, boolean byAct, Instant moment) {
        put(Rule.Owner.RESELLER, """
                [{"id": "r", "when": {"window": "day", "overBytes": 1000000}, "then": [{"do": "throttle", "kbps": 64}],
                  "until": %s}]
                """.formatted(until));
        use(MB);
        decide(new AccountCommand.TopUp(500 * MB, "t1", "more", ADMIN));
        assertThat(state.policy().level()).isEqualTo(byTopUp ? Level.NORMAL : Level.THROTTLED);
        if (byAct) {
            tickThrough(now.plusSeconds(4 * 86_400));
            assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
            decide(new AccountCommand.Lift("rule:reseller:r:throttle", null, "asked", ADMIN));
        } else if (!byTopUp) {
            tickThrough(moment.minusSeconds(1));
            assertThat(state.policy().level()).isEqualTo(Level.THROTTLED);
            tickThrough(moment);
        }
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void everyOccasionActsAndTellsItsCause() {
        put(Rule.Owner.RESELLER, """
                [{"id": "d", "when": {"event": "device_changed"}, "then": [{"do": "notify"}]},
                 {"id": "c", "when": {"event": "country_changed"}, "then": [{"do": "notify"}]},
                 {"id": "a", "when": {"event": "alarm"}, "then": [{"do": "notify"}]},
                 {"id": "p", "when": {"zones": ["CH"]}, "then": [{"do": "notify"}]}]
                """);
        seen("aa".repeat(16));
        assertThat(raised("rule.applied")).isEmpty();
        now = now.plusSeconds(7_200);
        seen("bb".repeat(16));
        assertThat(raised("rule.applied")).extracting(data -> data.get("cause")).containsExactly("device_changed");
        now = now.plusSeconds(60);
        move("228-01", "CH");
        assertThat(raised("rule.applied"))
                .extracting(data -> data.get("cause"))
                .containsExactlyInAnyOrder("country_changed", "place");
        Draft draft = new Draft(state, now);
        RuleWatch.happened(draft, Condition.Occasion.ALARM);
        assertThat(draft.effects)
                .filteredOn(Effect.EventRaised.class::isInstance)
                .singleElement()
                .satisfies(effect ->
                        assertThat(((Effect.EventRaised) effect).data()).containsEntry("cause", "alarm"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            USER     | "window": "day", "overBytes": 1             | pause    | USER_CAP
            USER     | "hours": {"from": "00:00", "to": "23:59"}   | pause    | USER_CAP
            RESELLER | "window": "day", "overBytes": 1             | throttle | FAIR_USE
            OPERATOR | "window": "day", "overBytes": 1             | suspend  | ADMINISTRATIVE
            OPERATOR | "zones": ["FR"]                             | pause    | ZONE
            RESELLER | "hours": {"from": "00:00", "to": "23:59"}   | throttle | TIME_WINDOW
            """)
    void aRuleHasTheClassOfItsOwnerAndCause(Rule.Owner owner, String when, String action, RestrictionClass expected) {
        put(owner, """
                [{"id": "r", "when": {%s}, "then": [{"do": "%s"%s}]}]
                """.formatted(when, action, action.equals("throttle") ? ", \"kbps\": 64" : ""));
        move("208-01", "FR");
        use(MB);
        assertThat(state.restrictions().getFirst().restrictionClass()).isEqualTo(expected);
    }

    private void put(Rule.Owner owner, String json) {
        decide(new AccountCommand.PutRules(owner, RuleJson.readStored(json, owner), null, ADMIN));
        assertThat(last.replies().getFirst()).isEqualTo(Reply.DONE);
    }

    private void use(long bytes) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, now), NETWORK));
    }

    private void move(String plmn, String country) {
        decide(new AccountCommand.ReportLocation(plmn, country, null, null, null, now, NETWORK));
    }

    private void seen(String device) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", null, null, device, now, NETWORK));
    }

    /** As the timer's job does it: looks in when the account asked for it. */
    private void tickThrough(Instant end) {
        while (NextMoment.of(state) != null && !NextMoment.of(state).isAfter(end)) {
            now = NextMoment.of(state);
            decide(new AccountCommand.Tick(Actor.system("clock")));
        }
        now = end;
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
