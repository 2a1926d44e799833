package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/** What a rule does. */
public sealed interface Action {
    /** Tells, once for each time that the rule acts; every action tells as well. */
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

    /** Blocks background traffic of all kinds. */
    record BlockBackground() implements Action {}

    /**
     * Blocks traffic of some categories, where the network can tell them apart; else background traffic.
     *
     * @param categories 1 to 20 feed words
     */
    record BlockCategories(Set<String> categories) implements Action {
        private static final int MAX = 20;
        private static final int MAX_LENGTH = 64;

        public BlockCategories {
            categories = Set.copyOf(categories);
            if (categories.isEmpty() || categories.size() > MAX) {
                throw new IllegalArgumentException("1 to 20 categories are blocked");
            }
            if (categories.stream().anyMatch(each -> each.isEmpty() || each.length() > MAX_LENGTH)) {
                throw new IllegalArgumentException("a name has 1 to 64 characters");
            }
        }
    }

    /** Stops data while the device is in the zones of the rule. */
    record BlockZone() implements Action {}

    /** Stops data. */
    record Pause() implements Action {}

    /** Stops data until the traveller says to go on, whoever wrote the rule. */
    record Ask() implements Action {}

    /** Stops everything. Not for travellers, who could not undo it over their own data. */
    record Suspend() implements Action {}

    /** The stable word of APIs. */
    default String word() {
        return switch (this) {
            case Notify a -> "notify";
            case Throttle a -> "throttle";
            case BlockBackground a -> "block_background";
            case BlockCategories a -> "block_categories";
            case BlockZone a -> "block_zone";
            case Pause a -> "pause";
            case Ask a -> "ask";
            case Suspend a -> "suspend";
        };
    }
}
