package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a subscription's traffic.
 *
 * @param level how strict
 * @param speed the cap in force, or null when none is
 * @param reasonCode the reason shown, {@link #NO_REASON} when nothing is held back
 * @param restrictionId the restriction that gives the reason, or null
 * @param until when that restriction ends
 * @param version counts the account's decisions from 1; 0 while not yet numbered
 * @param blockedCategories at {@link Level#BACKGROUND_BLOCKED} the traffic categories that blocking is about, as a feed's
 *     words in alphabetical order: a network that can block these blocks nothing else. Empty where background traffic as a
 *     whole is meant, and at every other level
 */
public record Policy(
        Level level,
        @Nullable Speed speed,
        String reasonCode,
        @Nullable String restrictionId,
        Until until,
        long version,
        List<String> blockedCategories) {
    /** The reason of an unrestricted policy. */
    public static final String NO_REASON = "none";

    /** Nothing is held back. */
    public static final Policy UNRESTRICTED = new Policy(Level.NORMAL, null, NO_REASON, null, new Until.Forever(), 0);

    /** A policy that names no category. */
    public Policy(
            Level level,
            @Nullable Speed speed,
            String reasonCode,
            @Nullable String restrictionId,
            Until until,
            long version) {
        this(level, speed, reasonCode, restrictionId, until, version, List.of());
    }

    public Policy {
        requireNonNull(level, "level is null");
        requireNonNull(reasonCode, "reasonCode is null");
        requireNonNull(until, "until is null");
        blockedCategories = List.copyOf(blockedCategories);
        if (level != Level.BACKGROUND_BLOCKED && !blockedCategories.isEmpty()) {
            throw new IllegalArgumentException("categories belong to blocked background traffic");
        }
    }

    /** The same with a number. */
    public Policy withVersion(long number) {
        return new Policy(level, speed, reasonCode, restrictionId, until, number, blockedCategories);
    }

    /** Whether network and traveller are told the same by both: all but the version agrees. */
    public boolean sameAs(Policy other) {
        return withVersion(other.version).equals(other);
    }
}
