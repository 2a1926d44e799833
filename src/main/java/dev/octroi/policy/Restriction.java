package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One active cause on an account. The policy in force is derived from all of them.
 *
 * @param id unique within the account, stable while the cause lasts, for example {@code plan.quota} or {@code rule:user:day}
 * @param restrictionClass why it exists
 * @param reasonCode stable dotted word, for example {@code plan.quota_used}
 * @param level its effect, never {@link Level#NORMAL}
 * @param speed the cap; needed for {@link Level#THROTTLED}, optional for {@link Level#BACKGROUND_BLOCKED}, else null
 * @param ruleId the rule that caused it, when one did
 * @param zoneId the zone it stems from, when one did
 * @param category the traffic category it names, as a feed's word, when it names one
 * @param from since when
 * @param until how it ends
 */
public record Restriction(
        String id,
        RestrictionClass restrictionClass,
        String reasonCode,
        Level level,
        @Nullable Speed speed,
        @Nullable String ruleId,
        @Nullable String zoneId,
        @Nullable String category,
        Instant from,
        Until until) {
    public Restriction {
        requireNonNull(id, "id is null");
        requireNonNull(restrictionClass, "restrictionClass is null");
        requireNonNull(reasonCode, "reasonCode is null");
        requireNonNull(from, "from is null");
        requireNonNull(until, "until is null");
        if (level == Level.NORMAL) {
            throw new IllegalArgumentException("a restriction restricts");
        }
        if (level == Level.THROTTLED && speed == null) {
            throw new IllegalArgumentException("a throttle needs a speed");
        }
        if (level.compareTo(Level.SUSPENDED_DATA) >= 0 && speed != null) {
            throw new IllegalArgumentException("a suspension has no speed");
        }
    }

    /** The same with another end. */
    public Restriction until(Until other) {
        return new Restriction(id, restrictionClass, reasonCode, level, speed, ruleId, zoneId, category, from, other);
    }

    /**
     * Whether it holds at a moment: from the decision that made it until its end. Its beginning is not looked at, so that
     * a clock that steps back lifts nothing.
     */
    public boolean holdsAt(Instant now) {
        Instant end = until.moment();
        return end == null || now.isBefore(end);
    }
}
