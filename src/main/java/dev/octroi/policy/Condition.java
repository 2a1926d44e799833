package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/** What must happen for a rule to act. */
public sealed interface Condition {
    /** The part of all use that is looked at. */
    Where where();

    /**
     * So much was used over a window; reached counts as over. Acts once in each window.
     *
     * @param metric what is added up
     * @param window the span
     * @param rollingHours length of a {@link Rule.Window#ROLLING} window, 1 to 168; 0 for the others
     * @param over the limit, 1 to 10^15 of the metric's unit
     * @param where counts only this
     */
    record Used(Metric metric, Rule.Window window, int rollingHours, long over, Where where) implements Condition {
        private static final long MAX = 1_000_000_000_000_000L;
        private static final int MAX_HOURS = 168;

        public Used {
            requireNonNull(metric, "metric is null");
            requireNonNull(window, "window is null");
            requireNonNull(where, "where is null");
            if (over < 1 || over > MAX) {
                throw new IllegalArgumentException("a limit is 1 byte to 1 PB, or as many seconds or minor units");
            }
            boolean rolls = window == Rule.Window.ROLLING;
            if (rolls ? rollingHours < 1 || rollingHours > MAX_HOURS : rollingHours != 0) {
                throw new IllegalArgumentException("a rolling window, and no other, has 1 to 168 hours");
            }
        }

        /** Whether every byte of a window that the account counts anyway is meant. */
        public boolean countsEverything() {
            return metric == Metric.BYTES && window != Rule.Window.ROLLING && where.isEverywhere();
        }
    }

    /**
     * The device is in these zones or networks, or it is one of these hours. Acts when that begins, until it ends.
     *
     * @param where zones, networks, hours or some of them; no categories
     */
    record During(Where where) implements Condition {
        public During {
            if (where.isEverywhere() || !where.categories().isEmpty()) {
                throw new IllegalArgumentException(
                        "without a limit a rule names zones, networks or hours, and no categories");
            }
        }
    }

    /**
     * Something happened. Acts each time.
     *
     * @param occasion what
     * @param where only when the device is here afterwards, at these hours; no categories
     */
    record Happened(Occasion occasion, Where where) implements Condition {
        public Happened {
            requireNonNull(occasion, "occasion is null");
            if (!where.categories().isEmpty()) {
                throw new IllegalArgumentException("an event has no traffic categories");
            }
        }
    }

    /** Bytes of all kinds over a window. */
    static Used over(Rule.Window window, long overBytes) {
        return new Used(Metric.BYTES, window, 0, overBytes, Where.EVERYWHERE);
    }

    /** What is added up. */
    enum Metric {
        /** Bytes. */
        BYTES,
        /** Seconds in which data was used, as the records' times say; times that overlap count once. */
        SECONDS,
        /** Minor units of the plan's currency charged beyond the volume. */
        MONEY
    }

    /** What may happen to a subscription. */
    enum Occasion {
        /** The SIM was seen in another device. */
        DEVICE_CHANGED,
        /** The device came into another country. */
        COUNTRY_CHANGED,
        /** The drain detector raised an alarm. */
        ALARM;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
