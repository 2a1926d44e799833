package dev.octroi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which effect and which reason follow from many causes. */
class PolicyEngineTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void nothingHoldsWithoutACause() {
        assertThat(PolicyEngine.derive(List.of(), NOW)).isEqualTo(Policy.UNRESTRICTED);
    }

    @Test
    void strictestEffectWinsWhateverItsClass() {
        Policy policy = PolicyEngine.derive(
                List.of(
                        throttle("drain", RestrictionClass.DRAIN, 2_000, 100),
                        throttle("fair", RestrictionClass.FAIR_USE, 500, 500)),
                NOW);
        assertThat(policy.speed()).isEqualTo(new Speed(500, 100));
        assertThat(policy.restrictionId())
                .as("both are felt, the more important one is told")
                .isEqualTo("drain");
    }

    @Test
    void causeThatIsNotFeltIsNotTheReason() {
        Policy policy = PolicyEngine.derive(
                List.of(
                        throttle("zone", RestrictionClass.ZONE, 2_000, 2_000),
                        throttle("quota", RestrictionClass.PLAN_QUOTA, 384, 384)),
                NOW);
        assertThat(policy.restrictionId()).isEqualTo("quota");
    }

    /** The order of the decision record, most important first: of each pair the first one is told. */
    @Test
    void ofEqualCausesTheMoreImportantClassIsTheReason() {
        List<String> order = List.of(
                "legal",
                "administrative",
                "drain",
                "user_cap",
                "bill_shock",
                "zone",
                "plan_quota",
                "fair_use",
                "time_window");
        assertThat(RestrictionClass.values()).extracting(RestrictionClass::word).containsExactlyElementsOf(order);
        for (RestrictionClass first : RestrictionClass.values()) {
            for (RestrictionClass second : RestrictionClass.values()) {
                Policy policy = PolicyEngine.derive(
                        List.of(
                                suspend(second.word(), second, Level.SUSPENDED_DATA),
                                suspend(first.word(), first, Level.SUSPENDED_DATA)),
                        NOW);
                assertThat(policy.reasonCode()).isEqualTo(order.get(Math.min(first.ordinal(), second.ordinal())));
            }
        }
    }

    @Test
    void volumeEndsWhatStandsBelowAZoneAndNothingAbove() {
        assertThat(RestrictionClass.values())
                .filteredOn(RestrictionClass::boostable)
                .containsExactly(RestrictionClass.PLAN_QUOTA, RestrictionClass.FAIR_USE, RestrictionClass.TIME_WINDOW);
    }

    @Test
    void suspensionHasNoSpeedAndItsOwnReason() {
        Policy policy = PolicyEngine.derive(
                List.of(
                        throttle("cap", RestrictionClass.USER_CAP, 1, 1),
                        suspend("office", RestrictionClass.ADMINISTRATIVE, Level.SUSPENDED_DATA),
                        suspend("law", RestrictionClass.LEGAL, Level.SUSPENDED_ALL)),
                NOW);
        assertThat(policy.level()).isEqualTo(Level.SUSPENDED_ALL);
        assertThat(policy.speed()).isNull();
        assertThat(policy.reasonCode()).isEqualTo("law");
    }

    @Test
    void expiredCauseDoesNotCount() {
        Restriction over = new Restriction(
                "cap",
                RestrictionClass.USER_CAP,
                "cap",
                Level.THROTTLED,
                Speed.both(64),
                null,
                null,
                null,
                NOW.minusSeconds(60),
                new Until.At(NOW));
        assertThat(PolicyEngine.derive(List.of(over), NOW)).isEqualTo(Policy.UNRESTRICTED);
        assertThat(PolicyEngine.derive(List.of(over), NOW.minusMillis(1)).level())
                .isEqualTo(Level.THROTTLED);
    }

    @Test
    void orderOfCausesDoesNotMatterAndOneMoreNeverLoosens() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            List<Restriction> causes = new ArrayList<>();
            Policy before = Policy.UNRESTRICTED;
            for (int i = 0; i < 6; i++) {
                RestrictionClass kind = RestrictionClass.values()[random.nextInt(RestrictionClass.values().length)];
                causes.add(
                        random.nextInt(3) == 0
                                ? suspend(
                                        "s" + i,
                                        kind,
                                        random.nextBoolean() ? Level.SUSPENDED_ALL : Level.SUSPENDED_DATA)
                                : throttle("t" + i, kind, 1 + random.nextInt(9_999), 1 + random.nextInt(9_999)));
                Policy after = PolicyEngine.derive(causes, NOW);
                List<Restriction> shuffled = new ArrayList<>(causes);
                Collections.shuffle(shuffled, random);
                assertThat(PolicyEngine.derive(shuffled, NOW))
                        .as("seed " + seed)
                        .isEqualTo(after);
                assertThat(after.level()).as("seed " + seed).isGreaterThanOrEqualTo(before.level());
                Speed slow = after.speed();
                Speed fast = before.speed();
                if (slow != null && fast != null) {
                    assertThat(slow).as("seed " + seed).isEqualTo(slow.min(fast));
                }
                before = after;
            }
        }
    }

    @Test
    void categoriesAreBlockedAsSuchOnlyWhenEveryCauseNamesOne() {
        Restriction cloud = blocked("a", "cloud");
        Restriction video = blocked("b", "video");
        assertThat(PolicyEngine.derive(List.of(video, cloud), NOW).blockedCategories())
                .containsExactly("cloud", "video");
        assertThat(PolicyEngine.derive(List.of(cloud, blocked("c", null)), NOW).blockedCategories())
                .isEmpty();
        assertThat(PolicyEngine.derive(List.of(cloud, blocked("c", "other")), NOW)
                        .blockedCategories())
                .isEmpty();
        assertThat(PolicyEngine.derive(List.of(cloud, throttle("d", RestrictionClass.ZONE, 1, 1)), NOW)
                        .blockedCategories())
                .containsExactly("cloud");
        assertThat(PolicyEngine.derive(List.of(cloud, suspend("e", RestrictionClass.LEGAL, Level.SUSPENDED_DATA)), NOW)
                        .blockedCategories())
                .isEmpty();
    }

    private static Restriction blocked(String id, String category) {
        return new Restriction(
                id,
                RestrictionClass.DRAIN,
                id,
                Level.BACKGROUND_BLOCKED,
                null,
                null,
                null,
                category,
                NOW,
                new Until.Forever());
    }

    private static Restriction throttle(String id, RestrictionClass kind, int down, int up) {
        return new Restriction(
                id, kind, id, Level.THROTTLED, new Speed(down, up), null, null, null, NOW, new Until.Forever());
    }

    private static Restriction suspend(String id, RestrictionClass kind, Level level) {
        return new Restriction(id, kind, id, level, null, null, null, null, NOW, new Until.Lifted());
    }
}
