package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/**
 * Most that one member of a shared account may use in a window. It holds back that member alone.
 *
 * @param bytes 1 byte to 1 PB
 * @param window how long it counts
 */
public record MemberCap(long bytes, Window window) {
    private static final long MAX_BYTES = 1_000_000_000_000_000L;

    public MemberCap {
        requireNonNull(window, "window is null");
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("a cap is 1 byte to 1 PB");
        }
    }

    /** How long a cap counts. */
    public enum Window {
        /** A day of the member's day zone. */
        DAY,
        /** A week, from Monday, of the member's day zone. */
        WEEK,
        /** The window of a plan that renews, else the whole plan. */
        PLAN;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** By its word. */
        public static Optional<Window> of(String word) {
            for (Window each : values()) {
                if (each.word().equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }
}
