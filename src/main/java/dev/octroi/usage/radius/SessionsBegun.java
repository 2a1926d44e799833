package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.usage.Subscriber;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who hears that sessions have begun. */
@FunctionalInterface
public interface SessionsBegun {
    /**
     * A session that has begun.
     *
     * @param subscriber whose
     * @param at when, where that was told later: a Start may be lost; empty: now
     */
    record Begun(Subscriber subscriber, Optional<Instant> at) {
        public Begun {
            requireNonNull(subscriber, "subscriber is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * Sessions have begun, and what their packets report is on disk.
     *
     * @param sessions at most 500
     * @return fails where the packets have to come again
     */
    Future<Void> begun(List<Begun> sessions);
}
