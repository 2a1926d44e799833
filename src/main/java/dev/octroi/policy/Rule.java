package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A wish of operator, reseller or traveller: "over 300 MB a day, 512 kbit/s until midnight".
 *
 * @param id chosen by the owner, unique among the owner's rules of one account: 1 to 40 of {@code a-z A-Z 0-9 _ -}
 * @param owner whose wish
 * @param when what must happen
 * @param then what follows, 1 to 4 actions of different kinds
 * @param until when that ends; what a {@link Condition.During} does ends with it, and with nothing else
 */
public record Rule(String id, Owner owner, Condition when, List<Action> then, End until) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,40}");
    private static final int MAX_ACTIONS = 4;

    /** Most rules that one owner may keep on an account. */
    public static final int MAX_PER_OWNER = 20;

    /** The one {@link End.WindowEnd}. */
    public static final End WINDOW_END = new End.WindowEnd();

    /** The one {@link End.TopUp}. */
    public static final End TOP_UP = new End.TopUp();

    /** The one {@link End.Manual}. */
    public static final End MANUAL = new End.Manual();

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
        if (when instanceof Condition.During && !until.equals(WINDOW_END)) {
            throw new IllegalArgumentException("what a rule does in zones or hours ends when they are left");
        }
        boolean isSomewhere =
                !when.where().zones().isEmpty() || !when.where().networks().isEmpty();
        if (then.contains(new Action.BlockZone()) && !(when instanceof Condition.Happened) && !isSomewhere) {
            throw new IllegalArgumentException("block_zone needs zones or networks in \"when\", or an event");
        }
    }

    /**
     * Whether a top-up ends what it does. Volume has nothing to say about what suspends everything, an operator's block,
     * another device or an alarm; such a rule acts until its window's end.
     */
    public boolean endsWithTopUp() {
        if (!until.equals(TOP_UP) || then.contains(new Action.Suspend())) {
            return false;
        }
        if (when instanceof Condition.Happened happened && happened.occasion() != Condition.Occasion.COUNTRY_CHANGED) {
            return false;
        }
        return owner != Owner.OPERATOR
                || then.stream()
                        .noneMatch(each -> each instanceof Action.Pause
                                || each instanceof Action.Ask
                                || each instanceof Action.BlockZone);
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

    /** The span over which use is added up, in the account's time zone; a week begins on Monday. */
    public enum Window {
        HOUR,
        DAY,
        WEEK,
        PERIOD,
        /** The hours up to now, added up in 24 parts. */
        ROLLING;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When the effect ends. */
    public sealed interface End {
        /** With the window in which the limit was reached; after an event with the local day. */
        record WindowEnd() implements End {}

        /** With the next top-up, or the window's end if that comes first. */
        record TopUp() implements End {}

        /** When somebody entitled lifts it. */
        record Manual() implements End {}

        /**
         * At a moment; the rule does not act any more afterwards.
         *
         * @param at first moment at which it no longer holds
         */
        record Moment(Instant at) implements End {
            public Moment {
                requireNonNull(at, "at is null");
            }
        }

        /** The stable word of APIs. */
        default String word() {
            return switch (this) {
                case WindowEnd e -> "window_end";
                case TopUp e -> "top_up";
                case Manual e -> "manual";
                case Moment e -> "moment";
            };
        }
    }
}
