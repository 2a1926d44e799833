package dev.octroi.quota;

import dev.octroi.policy.Speed;
import org.jspecify.annotations.Nullable;

/** The columns of a speed. */
final class PolicyRows {
    private PolicyRows() {}

    static @Nullable Integer downKbps(@Nullable Speed speed) {
        return speed == null ? null : speed.downKbps();
    }

    static @Nullable Integer upKbps(@Nullable Speed speed) {
        return speed == null ? null : speed.upKbps();
    }
}
