package dev.octroi.quota;

import java.util.Locale;
import java.util.Optional;

/**
 * The traveller's switch for background traffic.
 *
 * @param mode when it is blocked
 * @param belowBytes for {@link Mode#LOW}: blocked while less than this is left; else 0
 */
public record Background(Mode mode, long belowBytes) {
    /** First hour of the sleep guard, local time. */
    static final int NIGHT_FROM = 23;
    /** First hour after the sleep guard. */
    static final int NIGHT_TO = 7;

    /** Never blocked: how an account begins. */
    public static final Background ON = new Background(Mode.ON, 0);

    private static final long MAX_BYTES = 1_000_000_000_000L;

    public Background {
        if (mode == Mode.LOW ? belowBytes < 1 || belowBytes > MAX_BYTES : belowBytes != 0) {
            throw new IllegalArgumentException("a limit of 1 byte to 1 TB belongs to the mode \"low\" only");
        }
    }

    /** When background traffic is blocked. */
    public enum Mode {
        /** Never. */
        ON,
        /** Always. */
        OFF,
        /** From 23:00 to 07:00 local time: the sleep guard. */
        NIGHT,
        /** While little is left. */
        LOW;

        /** The stable word of APIs and columns. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The mode of a word. */
        public static Optional<Mode> of(String word) {
            for (Mode each : values()) {
                if (each.word().equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether the traveller asked for it in some way. */
    boolean isOff() {
        return mode != Mode.ON;
    }
}
