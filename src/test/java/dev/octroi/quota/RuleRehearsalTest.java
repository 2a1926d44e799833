package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
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
    void rulesOnEventsAreNotPlayed() {
        hour(9, "FR", "web", 50);
        List<Rule> rules = RuleJson.readStored("""
                [{"id": "a", "when": {"event": "alarm"}, "then": [{"do": "pause"}]},
                 {"id": "b", "when": {"window": "day", "overSeconds": 1}, "then": [{"do": "pause"}]}]
                """, Rule.Owner.RESELLER);
        assertThat(rules).noneMatch(RuleRehearsal::isPlayable);
        assertThat(new RuleRehearsal(decider, rules, plmn -> "FR")
                        .play(QuotaFixture.france(), QuotaFixture.PARIS, hours, FROM, TO)
                        .savedBytes())
                .isZero();
    }

    private RuleTally play(String rules) {
        return new RuleRehearsal(decider, RuleJson.readStored(rules, Rule.Owner.RESELLER), plmn -> "FR")
                .play(QuotaFixture.france(), QuotaFixture.PARIS, hours, FROM, TO);
    }

    /** An hour of Paris, counted from the first midnight; a tenth of it is sent by the device. */
    private void hour(int number, String zone, String category, long megabytes) {
        Instant from = FROM.plus(Duration.ofHours(number));
        long up = megabytes * MB / 10;
        hours.add(new UsagePoint(
                from, from.plus(Duration.ofHours(1)), zone, category, "208-01", up, megabytes * MB - up));
    }
}
