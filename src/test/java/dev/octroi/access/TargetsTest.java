package dev.octroi.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetsTest {
    @Test
    void aKindThatIsNotNamedIsFree() {
        assertThat(Targets.allowAction(Set.of(), "suspend")).isTrue();
        assertThat(Targets.allowAction(Set.of("zone:FR"), "suspend")).isTrue();
        assertThat(Targets.allowAction(Set.of("action:notify"), "suspend")).isFalse();
        assertThat(Targets.allowPlaces(Set.of("action:notify"), Set.of())).isTrue();
        assertThat(Targets.allowPlaces(Set.of("zone:FR"), Set.of()))
                .as("everywhere is more than France")
                .isFalse();
        assertThat(Targets.allowPlaces(Set.of("zone:FR"), Set.of("FR"))).isTrue();
        assertThat(Targets.allowPlaces(Set.of("zone:FR"), Set.of("FR", "DE"))).isFalse();
    }

    @Test
    void nobodyGivesMoreThanTheyHave() {
        Set<String> own = Set.of("action:notify", "action:throttle");
        assertThat(Targets.within(Set.of("action:notify"), own)).isTrue();
        assertThat(Targets.within(Set.of("action:notify", "zone:FR"), own)).isTrue();
        assertThat(Targets.within(Set.of(), own))
                .as("no target would be every action")
                .isFalse();
        assertThat(Targets.within(Set.of("zone:FR"), own)).isFalse();
        assertThat(Targets.within(Set.of("action:suspend"), own)).isFalse();
        assertThat(Targets.within(Set.of(), Set.of())).isTrue();
    }

    @Test
    void onlyKnownActionsAndWellFormedPlacesAreTargets() {
        assertThat(Targets.isTarget("action:throttle")).isTrue();
        assertThat(Targets.isTarget("zone:FR")).isTrue();
        assertThat(Targets.isTarget("zone:zone_0HZ4K2M7Q9R3T")).isTrue();
        assertThat(Set.of("action:fly", "action:", "zone:fr", "zone:", "plan:x", ""))
                .noneMatch(Targets::isTarget);
    }
}
