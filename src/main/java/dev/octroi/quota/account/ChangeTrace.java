package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a change found on an account, so that undoing it restores that and nothing newer. */
public sealed interface ChangeTrace {
    /**
     * A rule was put or removed.
     *
     * @param before the rule with this id as it was; null when there was none
     */
    record OfRule(@Nullable Rule before) implements ChangeTrace {}

    /**
     * A hold was placed.
     *
     * @param placedAt when; a hold of another moment is somebody else's
     * @param before the milder hold of the same class that was there; null when there was none
     */
    record OfHold(Instant placedAt, @Nullable Hold before) implements ChangeTrace {
        public OfHold {
            requireNonNull(placedAt, "placedAt is null");
        }
    }

    /** A hold as it was. */
    record Hold(Level level, Instant from) {
        public Hold {
            requireNonNull(level, "level is null");
            requireNonNull(from, "from is null");
        }
    }
}
