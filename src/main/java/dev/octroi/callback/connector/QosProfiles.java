package dev.octroi.callback.connector;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which QoS profile of an operator stands for which policy. Pure.
 *
 * @param speeds by speed, slowest first; at most 32
 * @param backgroundBlocked for level 3 without a speed; empty: none does
 * @param suspendedData for level 4; empty: none does
 * @param suspendedAll for level 5; empty: none does
 */
public record QosProfiles(
        List<Speed> speeds,
        Optional<String> backgroundBlocked,
        Optional<String> suspendedData,
        Optional<String> suspendedAll) {
    /** Entries of {@code speeds}. */
    public static final int MAX_SPEEDS = 32;

    private static final int NORMAL = 0;
    private static final int NOTICE = 1;
    private static final int THROTTLED = 2;
    private static final int BACKGROUND_BLOCKED = 3;
    private static final int DATA_SUSPENDED = 4;

    public QosProfiles {
        speeds =
                speeds.stream().sorted(Comparator.comparingInt(Speed::kbpsDown)).toList();
        requireNonNull(backgroundBlocked, "backgroundBlocked is null");
        requireNonNull(suspendedData, "suspendedData is null");
        requireNonNull(suspendedAll, "suspendedAll is null");
    }

    /**
     * A QoS profile and how fast it is.
     *
     * @param kbpsDown 1 or more
     */
    public record Speed(int kbpsDown, String qosProfile) {
        public Speed {
            requireNonNull(qosProfile, "qosProfile is null");
        }
    }

    /** What a policy asks of the API. */
    public sealed interface Wish {
        /** No assignment: the device has its full speed. */
        record FullSpeed() implements Wish {}

        /** An assignment of this QoS profile. */
        record Assigned(String qosProfile) implements Wish {}

        /** No QoS profile stands for it. */
        record Unmapped(String reason) implements Wish {}
    }

    /**
     * The wish that a policy comes down to. A speed gets the fastest profile that is not faster: never more than was decided.
     *
     * @param payload as it lies in the outbox
     */
    public Wish of(JsonObject payload) {
        int level = payload.getInteger("level");
        return switch (level) {
            case NORMAL, NOTICE -> new Wish.FullSpeed();
            case THROTTLED -> throttled(payload.getInteger("kbpsDown", 0));
            // A device has one profile: slow for all is stricter than no background traffic and the rest at full speed.
            case BACKGROUND_BLOCKED ->
                payload.containsKey("kbpsDown")
                        ? throttled(payload.getInteger("kbpsDown"))
                        : named(backgroundBlocked, "background traffic blocked");
            case DATA_SUSPENDED -> named(suspendedData, "data suspended");
            default -> named(suspendedAll, "everything suspended");
        };
    }

    private Wish throttled(int kbpsDown) {
        return speeds.stream()
                .filter(speed -> speed.kbpsDown() <= kbpsDown)
                .reduce((slower, faster) -> faster)
                .<Wish>map(speed -> new Wish.Assigned(speed.qosProfile()))
                .orElseGet(() -> unmapped("a speed of " + kbpsDown + " kbit/s"));
    }

    private static Wish named(Optional<String> profile, String words) {
        return profile.<Wish>map(Wish.Assigned::new).orElseGet(() -> unmapped(words));
    }

    private static Wish unmapped(String words) {
        return new Wish.Unmapped("no QoS profile stands for " + words);
    }
}
