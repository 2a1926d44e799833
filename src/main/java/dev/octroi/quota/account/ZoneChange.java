package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A change of the traveller's time zone.
 *
 * @param next the zone that waits; null: it has taken effect
 * @param at when it takes, or took, effect
 */
public record ZoneChange(@Nullable ZoneId next, Instant at) {
    public ZoneChange {
        requireNonNull(at, "at is null");
    }

    /** When it takes effect, while it waits. */
    @Nullable
    public Instant waitsUntil() {
        return next == null ? null : at;
    }
}
