package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A wish of operator, reseller or traveller: "over 300 MB a day, 512 kbit/s until midnight".
 *
 * @param id chosen by the owner, unique among the owner's rules of one account: 1 to 40 of {@code a-z A-Z 0-9 _ -}
 * @param owner whose wish
 * @param when what must happen
 * @param then what follows, 1 to 4 actions of different kinds
 * @param until when that ends
 */
public record Rule(String id, Owner owner, When when, List<Action> then, End until) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,40}");
    private static final int MAX_ACTIONS = 4;

    /** Most rules that one owner may keep on an account. */
    public static final int MAX_PER_OWNER = 20;

    public Rule {
        requireNonNull(owner, "owner is null");
        requireNonNull(when, "when is null");
        requireNonNull(until, "until is null");
        then = List.copyOf(then);
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a rule id is 1 to 40 letters, digits, _ or -");
        }
        if (then.isEmpty() || then.size() > MAX_ACTIONS) {
            throw new IllegalArgumentException("a rule has 1 to 4 actions");
        }
        if (then.stream().map(Object::getClass).distinct().count() != then.size()) {
            throw new IllegalArgumentException("a rule has one action of each kind");
        }
    }

    /** Whose wish a rule is. */
    public enum Owner {
        USER,
        RESELLER,
        OPERATOR;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The span over which bytes are added up, in the account's time zone; a week begins on Monday. */
    public enum Window {
        HOUR,
        DAY,
        WEEK,
        PERIOD;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When the effect ends. */
    public enum End {
        /** With the window in which the limit was reached. */
        WINDOW_END,
        /** With the next top-up, or the window's end if that comes first. */
        TOP_UP,
        /** When somebody entitled lifts it. */
        MANUAL;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The condition.
     *
     * @param window the span
     * @param overBytes the limit, 1 byte to 1 PB; reached counts as over
     * @param zones count only bytes used in these zones (zone ids or ISO 3166 country codes); empty: everywhere
     * @param hours count only bytes used in these hours of the local day; null: always
     * @param categories count only these traffic categories (feed words); empty: all
     */
    public record When(
            Window window,
            long overBytes,
            Set<String> zones,
            @Nullable Hours hours,
            Set<String> categories) {
        private static final long MAX_BYTES = 1_000_000_000_000_000L;
        private static final int MAX_NAMES = 20;
        private static final int MAX_NAME_LENGTH = 64;

        public When {
            requireNonNull(window, "window is null");
            zones = Set.copyOf(zones);
            categories = Set.copyOf(categories);
            if (overBytes < 1 || overBytes > MAX_BYTES) {
                throw new IllegalArgumentException("a limit is 1 byte to 1 PB");
            }
            checkNames(zones);
            checkNames(categories);
        }

        /** Bytes of all kinds over a window. */
        public static When over(Window window, long overBytes) {
            return new When(window, overBytes, Set.of(), null, Set.of());
        }

        /** Whether every byte of the window counts. */
        public boolean countsEverything() {
            return zones.isEmpty() && hours == null && categories.isEmpty();
        }

        private static void checkNames(Set<String> names) {
            if (names.size() > MAX_NAMES) {
                throw new IllegalArgumentException("at most 20 names");
            }
            for (String name : names) {
                if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
                    throw new IllegalArgumentException("a name has 1 to 64 characters");
                }
            }
        }
    }

    /**
     * Hours of the local day; over midnight when the end is before the start.
     *
     * @param from first minute
     * @param to first minute after
     */
    public record Hours(LocalTime from, LocalTime to) {
        public Hours {
            if (from.equals(to)) {
                throw new IllegalArgumentException("the hours are empty");
            }
        }

        /** Whether a time of day lies within. */
        public boolean contain(LocalTime time) {
            boolean afterStart = !time.isBefore(from);
            boolean beforeEnd = time.isBefore(to);
            return from.isBefore(to) ? afterStart && beforeEnd : afterStart || beforeEnd;
        }
    }

    /** What a rule does. */
    public sealed interface Action {
        /** Tells the owner, once for each window. */
        record Notify() implements Action {}

        /**
         * Slows everything.
         *
         * @param speed the cap
         */
        record Throttle(Speed speed) implements Action {
            public Throttle {
                requireNonNull(speed, "speed is null");
            }
        }

        /** Stops data. */
        record Pause() implements Action {}

        /** Stops everything. Not for travellers, who could not undo it over their own data. */
        record Suspend() implements Action {}
    }
}
