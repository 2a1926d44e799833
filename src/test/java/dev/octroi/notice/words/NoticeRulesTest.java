package dev.octroi.notice.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.event.EventTypes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which event is told to the traveller. */
class NoticeRulesTest {
    private static final Instant AT = Instant.parse("2026-11-30T13:03:00Z");

    @Test
    void onlyEventsThatThereAreAreTold() {
        assertThat(EventTypes.all()).containsAll(NoticeRules.TYPES);
        for (String type : EventTypes.all()) {
            if (!NoticeRules.TYPES.contains(type)) {
                assertThat(NoticeRules.of(new Occurrence(type, Map.of(), AT)))
                        .as(type)
                        .isEmpty();
            }
        }
    }

    @Test
    void aLimitIsToldByItsOwnEventAndNotOnceMoreByThePolicyThatFollows() {
        assertThat(of("usage.threshold_reached", Map.of("limit", "plan", "percent", 100)))
                .isEqualTo(new NoticeChoice(NoticeKind.USAGE, true, "plan.used_up"));
        for (String reason : List.of(
                "plan.quota_used",
                "plan.fair_use",
                "plan.ended",
                "user.limit_reached",
                "user.paused",
                "reseller.limit_reached",
                "drain.burst",
                "drain.destination",
                "zone.blocked",
                "zone.ask_first",
                "member.cap_reached",
                "bill_shock.limit_reached")) {
            assertThat(NoticeRules.of(policy("suspended_data", reason, "normal", "none")))
                    .as(reason)
                    .isEmpty();
        }
        assertThat(NoticeRules.of(policy("suspended_data", "administrative.held", "normal", "none")))
                .contains(new NoticeChoice(NoticeKind.DATA, true, "data.stopped"));
        assertThat(NoticeRules.of(policy("throttled", "zone.speed_cap", "normal", "none")))
                .contains(new NoticeChoice(NoticeKind.DATA, false, "data.slowed"));
        assertThat(NoticeRules.of(policy("suspended_data", "drain.held", "normal", "none")))
                .as("an agent's, which no alarm tells")
                .contains(new NoticeChoice(NoticeKind.DATA, true, "data.stopped"));
    }

    @Test
    void thatDataIsStoppedIsToldOnceForOneReason() {
        assertThat(NoticeRules.of(policy("suspended_data", "legal.held", "suspended_data", "legal.held")))
                .isEmpty();
        assertThat(NoticeRules.of(policy("suspended_all", "legal.held", "suspended_data", "legal.held")))
                .isPresent();
        assertThat(NoticeRules.of(policy("suspended_data", "legal.held", "suspended_data", "drain.burst")))
                .isPresent();
    }

    @Test
    void thatDataIsBackIsToldUnlessTheTravellerDidItOrNewVolumeTellsIt() {
        assertThat(NoticeRules.of(policy("normal", "none", "suspended_data", "drain.burst")))
                .contains(new NoticeChoice(NoticeKind.DATA, false, "data.back"));
        for (String before : List.of("user.paused", "user.hours", "plan.quota_used", "plan.not_started")) {
            assertThat(NoticeRules.of(policy("normal", "none", "suspended_data", before)))
                    .as(before)
                    .isEmpty();
        }
    }

    @Test
    void whatStopsDataDrainsItOrCostsMoneyIsHeldBackByNoBound() {
        assertThat(of("anomaly.opened", Map.of()).urgent()).isTrue();
        assertThat(of("overage.threshold_reached", Map.of("percent", 80)).urgent())
                .isTrue();
        assertThat(of("usage.threshold_reached", Map.of("limit", "rule", "actions", List.of("pause")))
                        .urgent())
                .isTrue();
        assertThat(of("usage.threshold_reached", Map.of("limit", "rule", "actions", List.of("notify")))
                        .urgent())
                .isFalse();
        assertThat(of("usage.threshold_reached", Map.of("limit", "plan", "percent", 80))
                        .urgent())
                .isFalse();
    }

    @Test
    void anOwnTimetableAndTheCreditOfASettlementAreNotTold() {
        Map<String, Object> night = Map.of("owner", "user", "cause", "hours", "actions", List.of("block_background"));
        assertThat(NoticeRules.of(new Occurrence("rule.applied", night, AT))).isEmpty();
        Map<String, Object> credit = Map.of("bytes", 500_000_000L, "reference", "case_0HZ4K2M7Q9R46");
        assertThat(NoticeRules.of(new Occurrence("credit.applied", credit, AT))).isEmpty();
        assertThat(of("credit.applied", Map.of("bytes", 5L, "reference", "goodwill"))
                        .key())
                .isEqualTo("credit");
    }

    private static NoticeChoice of(String type, Map<String, Object> data) {
        return NoticeRules.of(new Occurrence(type, data, AT)).orElseThrow();
    }

    private static Occurrence policy(String level, String reason, String levelBefore, String reasonBefore) {
        return new Occurrence(
                "policy.decided",
                Map.of(
                        "level", level,
                        "reason", reason,
                        "previousLevel", levelBefore,
                        "previousReason", reasonBefore,
                        "downKbps", 128),
                AT);
    }
}
