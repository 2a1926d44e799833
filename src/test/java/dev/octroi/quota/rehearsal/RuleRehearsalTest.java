package dev.octroi.quota.rehearsal;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rules would have done to hours of use. */
class RuleRehearsalTest {
    private static final Instant FROM = Instant.parse("2026-11-22T23:00:00Z");
    private static final Instant TO = FROM.plus(Duration.ofDays(2));

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final List<UsagePoint> hours = new ArrayList<>();
    private final List<RehearsedUse.Quarter> quarters = new ArrayList<>();
    private final List<RehearsedUse.Happened> occasions = new ArrayList<>();

    @Test
    void aPauseSavesWhatWasUsedAfterTheLimitUntilMidnight() {
        hour(9, "FR", "web", 100);
        hour(10, "FR", "web", 100);
        hour(20, "FR", "video", 80);
        hour(33, "FR", "web", 40);
        RuleTally tally = play("""
                [{"id": "daily", "when": {"window": "day", "overBytes": 150000000}, "then": [{"do": "pause"}]}]
                """);
        assertThat(tally.usedBytes()).isEqualTo(320 * MB);
        assertThat(tally.savedBytes()).as("half an hour's and the evening's").isEqualTo(130 * MB);
        assertThat(tally.spans())
                .containsExactly(new RuleTally.Span(
                        FROM.plus(Duration.ofMinutes(630)), FROM.plus(Duration.ofDays(1)), Level.SUSPENDED_DATA));
        assertThat(tally.pausedSeconds())
                .isEqualTo(Duration.ofMinutes(24 * 60 - 630).toSeconds());
        assertThat(tally.notices()).isEqualTo(1);
    }

    @Test
    void aThrottlePassesWhatItsSpeedLetsThrough() {
        hour(9, "FR", "web", 10);
        hour(10, "FR", "web", 1_000);
        RuleTally tally = play("""
                [{"id": "daily", "when": {"window": "day", "overBytes": 10000000}, "then": [{"do": "throttle", "kbps": 1000}]}]
                """);
        // A megabit for an hour is 450 MB towards the device; what it sends fits.
        assertThat(tally.savedBytes()).isEqualTo(900 * MB - 450 * MB);
        assertThat(tally.slowedSeconds()).isEqualTo(Duration.ofHours(14).toSeconds());
    }

    @Test
    void blockedCategoriesSaveThemselvesOnly() {
        hour(9, "FR", "video", 100);
        hour(9, "FR", "web", 10);
        RuleTally tally = play("""
                [{"id": "hours", "when": {"hours": {"from": "09:00", "to": "10:00"}},
                  "then": [{"do": "block_categories", "categories": ["video"]}]}]
                """);
        assertThat(tally.savedBytes()).isEqualTo(100 * MB);
        assertThat(tally.blockedSeconds()).as("on two days").isEqualTo(7_200);
    }

    @Test
    void zonesOfThePlanAreFoundAgain() {
        hour(9, "zone_paris", "web", 50);
        hour(10, "zone_paris", "web", 50);
        hour(11, "FR", "web", 50);
        RuleTally tally = play("""
                [{"id": "paris", "when": {"window": "day", "overBytes": 50000000, "zones": ["zone_paris"]},
                  "then": [{"do": "block_zone"}]}]
                """);
        assertThat(tally.savedBytes()).isEqualTo(50 * MB);
    }

    @Test
    void secondsCountTheQuartersInWhichRecordsEnded() {
        hour(9, "FR", "web", 40);
        hour(10, "FR", "web", 40);
        quarter(0, 9 * 60, 0);
        quarter(0, 10 * 60 + 15, 0);
        RuleTally tally = play("""
                [{"id": "half", "when": {"window": "day", "overSeconds": 1800}, "then": [{"do": "pause"}]}]
                """);
        assertThat(tally.savedBytes()).as("the second half of the second hour").isEqualTo(20 * MB);
        assertThat(tally.notices()).isEqualTo(1);
    }

    @Test
    void moneyIsThatOfTheRecordsAndOnlyOfWhatWouldHavePassed() {
        hour(9, "FR", "web", 40);
        hour(10, "FR", "web", 40);
        for (int i = 0; i < 8; i++) {
            quarter(0, 9 * 60 + 15 * i, 100);
        }
        RuleTally tally = play("""
                [{"id": "money", "when": {"window": "day", "overMinor": 500}, "then": [{"do": "ask"}]}]
                """);
        assertThat(tally.savedBytes()).as("three quarters of the second hour").isEqualTo(30 * MB);
        assertThat(tally.notices()).isEqualTo(1);
        RuleTally never = play("""
                [{"id": "money", "when": {"window": "day", "overMinor": 801}, "then": [{"do": "ask"}]}]
                """);
        assertThat(never.savedBytes()).isZero();
    }

    @Test
    void anotherDeviceAndAnAlarmActWhenTheyWereSeen() {
        hour(9, "FR", "web", 40);
        hour(12, "FR", "web", 40);
        hour(30, "FR", "web", 40);
        occasions.add(new RehearsedUse.Happened(
                FROM.plus(Duration.ofMinutes(9 * 60 + 30)), Condition.Occasion.DEVICE_CHANGED));
        occasions.add(new RehearsedUse.Happened(FROM.plus(Duration.ofHours(11)), Condition.Occasion.ALARM));
        assertThat(play("""
                [{"id": "lock", "when": {"event": "device_changed"}, "then": [{"do": "pause"}]}]
                """).savedBytes()).as("until the end of the day").isEqualTo(60 * MB);
        RuleTally alarm = play("""
                [{"id": "drain", "when": {"event": "alarm"}, "then": [{"do": "pause"}], "until": "manual"}]
                """);
        assertThat(alarm.savedBytes()).isEqualTo(80 * MB);
        assertThat(alarm.spans())
                .containsExactly(new RuleTally.Span(FROM.plus(Duration.ofHours(11)), TO, Level.SUSPENDED_DATA));
    }

    @Test
    void anotherCountryIsReadOutOfTheNetworks() {
        hour(9, "FR", "web", 40);
        Instant at = FROM.plus(Duration.ofHours(10));
        hours.add(new UsagePoint(at, at.plus(Duration.ofHours(1)), "CH", "web", "228-01", 0, 40 * MB));
        assertThat(play("""
                [{"id": "abroad", "when": {"event": "country_changed"}, "then": [{"do": "pause"}]}]
                """).savedBytes()).isEqualTo(40 * MB);
    }

    @Test
    void zoneThatIsLeftAtOnceHoldsForItsMinuteHereToo() {
        hour(9, "FR", "web", 40);
        RuleTally tally = play("""
                [{"id": "end", "when": {"zones": ["FR"], "hours": {"from": "09:00", "to": "09:01"}}, "then": [{"do": "pause"}]}]
                """);
        assertThat(tally.pausedSeconds()).isEqualTo(120);
    }

    private void quarter(int day, int minute, long minor) {
        quarters.add(new RehearsedUse.Quarter(
                FROM.plus(Duration.ofDays(day)).plus(Duration.ofMinutes(minute)), "FR", "web", "208-01", minor));
    }

    private RuleTally play(String rules) {
        return new RuleRehearsal(
                        decider,
                        RuleJson.readStored(rules, Rule.Owner.RESELLER),
                        plmn -> plmn.startsWith("228") ? "CH" : "FR")
                .play(
                        AccountFixture.france(),
                        AccountFixture.PARIS,
                        new RehearsedUse(hours, quarters, occasions),
                        FROM,
                        TO);
    }

    /** An hour of Paris, counted from the first midnight; a tenth of it is sent by the device. */
    private void hour(int number, String zone, String category, long megabytes) {
        Instant from = FROM.plus(Duration.ofHours(number));
        long up = megabytes * MB / 10;
        hours.add(new UsagePoint(
                from, from.plus(Duration.ofHours(1)), zone, category, "208-01", up, megabytes * MB - up));
    }
}
