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
 * @param begunIn the zone in which the plan began, which its end is of; null: it has not moved since
 */
public record ZoneChange(
        @Nullable ZoneId next, Instant at, @Nullable ZoneId begunIn) {
    public ZoneChange {
        requireNonNull(at, "at is null");
    }

    /** A change of a plan that has not moved yet. */
    public ZoneChange(@Nullable ZoneId next, Instant at) {
        this(next, at, null);
    }

    /** When it takes effect, while it waits. */
    @Nullable
    public Instant waitsUntil() {
        return next == null ? null : at;
    }
}
