package dev.octroi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.policy.Level;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.quota.Explanation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** "Why was it slow?" in one sentence of three languages. */
class PolicySentenceTest {
    private static final Instant AT = Instant.parse("2026-11-23T21:00:00Z");

    @Test
    void saysWhatSinceWhenWhyAndUntilWhen() {
        Explanation slow = explanation(new Until.At(Instant.parse("2026-11-23T23:00:00Z")));
        assertThat(PolicySentence.of(slow, Locale.ENGLISH))
                .isEqualTo("Slowed to 1500 kbit/s: a rule for these hours."
                        + " Since 2026-11-23 15:05, until 2026-11-24 00:00 (Europe/Paris).");
        assertThat(PolicySentence.of(slow, Locale.FRENCH))
                .isEqualTo("Ralenti à 1500\u00a0kbit/s\u00a0: une règle pour ces heures."
                        + " Depuis le 2026-11-23 15:05, jusqu’au 2026-11-24 00:00 (Europe/Paris).");
        assertThat(PolicySentence.of(slow, Locale.CHINESE)).contains("1500", "此时段的规则", "2026-11-24 00:00");
    }

    @Test
    void saysEveryKindOfEnd() {
        assertThat(PolicySentence.of(explanation(new Until.TopUp(null)), Locale.ENGLISH))
                .endsWith("until a top-up.");
        assertThat(PolicySentence.of(explanation(new Until.ZoneLeft()), Locale.ENGLISH))
                .endsWith("until the device leaves the place.");
        assertThat(PolicySentence.of(explanation(new Until.Lifted()), Locale.ENGLISH))
                .endsWith("until somebody lifts it.");
        assertThat(PolicySentence.of(explanation(new Until.Forever()), Locale.ENGLISH))
                .endsWith("without end.");
    }

    @Test
    void saysWhatSlowsWhereBackgroundTrafficIsBlockedToo() {
        Restriction used = new Restriction(
                "plan.quota_used",
                RestrictionClass.PLAN_QUOTA,
                "plan.quota_used",
                Level.THROTTLED,
                Speed.both(384),
                null,
                null,
                null,
                Instant.parse("2026-11-23T10:00:00Z"),
                new Until.TopUp(null));
        Restriction asleep = new Restriction(
                "user.background",
                RestrictionClass.USER_CAP,
                "user.background",
                Level.BACKGROUND_BLOCKED,
                null,
                null,
                null,
                null,
                Instant.parse("2026-11-23T20:00:00Z"),
                new Until.At(Instant.parse("2026-11-24T06:00:00Z")));
        List<Restriction> both = List.of(used, asleep);
        Explanation explanation = new Explanation(
                AT,
                PolicyEngine.derive(both, AT),
                null,
                ZoneId.of("UTC"),
                both.stream()
                        .map(each -> new Explanation.Held(each, 0, new JsonObject()))
                        .toList());
        assertThat(PolicySentence.of(explanation, Locale.ENGLISH))
                .startsWith("Slowed to 384 kbit/s: ")
                .contains("Since 2026-11-23 10:00, until a top-up. Background data blocked: ")
                .endsWith("Since 2026-11-23 20:00, until 2026-11-24 06:00 (UTC).");
    }

    @Test
    void saysThatNothingWasHeldBack() {
        Explanation free = new Explanation(AT, PolicyEngine.derive(List.of(), AT), null, ZoneId.of("UTC"), List.of());
        assertThat(PolicySentence.of(free, Locale.ENGLISH)).isEqualTo("Nothing was held back.");
        assertThat(PolicySentence.of(free, Locale.CHINESE)).isEqualTo("没有任何限制。");
    }

    private static Explanation explanation(Until until) {
        Restriction hours = new Restriction(
                "rule:reseller:evening:throttle",
                RestrictionClass.TIME_WINDOW,
                "reseller.hours",
                Level.THROTTLED,
                Speed.both(1_500),
                "reseller:evening",
                null,
                null,
                Instant.parse("2026-11-23T14:05:12Z"),
                until);
        return new Explanation(
                AT,
                PolicyEngine.derive(List.of(hours), AT).withVersion(4),
                null,
                ZoneId.of("Europe/Paris"),
                List.of(new Explanation.Held(hours, 3, new JsonObject())));
    }
}
