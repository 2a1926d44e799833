package dev.octroi.callback.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RegistrationLimitsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T10:00:20Z"));
    private final RegistrationLimits limits = new RegistrationLimits(now::get);

    @Test
    void aTenantHasFourUnderWayAndHoldsUpNobodyElse() {
        for (int i = 0; i < RegistrationLimits.AT_ONCE; i++) {
            assertThat(limits.begin(1)).isTrue();
        }
        assertThat(limits.begin(1)).isFalse();
        assertThat(limits.begin(2)).isTrue();
        now.set(now.get().plusSeconds(60));
        assertThat(limits.begin(1)).as("they are still under way").isFalse();
        limits.end(1, false);
        assertThat(limits.begin(1)).isTrue();
    }

    @Test
    void whatFailsIsCountedForAMinuteAndWhatSucceedsIsNot() {
        for (int i = 0; i < RegistrationLimits.FAILED_PER_MINUTE; i++) {
            assertThat(limits.begin(1)).isTrue();
            limits.end(1, false);
            assertThat(limits.begin(1)).isTrue();
            limits.end(1, true);
        }
        assertThat(limits.begin(1)).isFalse();
        assertThat(limits.begin(2)).isTrue();
        limits.end(2, true);
        now.set(now.get().plusSeconds(60));
        assertThat(limits.begin(1)).isTrue();
    }
}
