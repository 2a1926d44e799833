package dev.octroi.policy;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When something ends. */
public sealed interface Until {
    /** No end is foreseen. */
    record Forever() implements Until {}

    /**
     * At a moment.
     *
     * @param instant the first moment at which it no longer holds
     */
    record At(Instant instant) implements Until {
        public At {
            requireNonNull(instant, "instant is null");
        }
    }

    /**
     * With new volume.
     *
     * @param latest the moment at which it ends anyway, when there is one
     */
    record TopUp(@Nullable Instant latest) implements Until {}

    /**
     * When the device leaves the zone.
     *
     * @param at when it left a moment ago: the moment at which that takes effect; else null
     */
    record ZoneLeft(@Nullable Instant at) implements Until {
        /** The device is in the zone. */
        public ZoneLeft() {
            this(null);
        }
    }

    /** When someone entitled to it lifts it: support, the reseller, or the traveller for what is their own. */
    record Lifted() implements Until {}

    /** The moment at which it ends by itself, when there is one. */
    default @Nullable Instant moment() {
        return switch (this) {
            case At at -> at.instant();
            case TopUp topUp -> topUp.latest();
            case Forever f -> null;
            case ZoneLeft left -> left.at();
            case Lifted l -> null;
        };
    }

    /** The stable word of APIs: {@code none}, {@code moment}, {@code top_up}, {@code zone_left} or {@code lifted}. */
    default String word() {
        return switch (this) {
            case At at -> "moment";
            case TopUp topUp -> "top_up";
            case Forever f -> "none";
            case ZoneLeft z -> "zone_left";
            case Lifted l -> "lifted";
        };
    }
}
