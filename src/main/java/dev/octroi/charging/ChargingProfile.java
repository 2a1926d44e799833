package dev.octroi.charging;

import java.util.Locale;
import java.util.Optional;

/** How a consumer speaks: as the standard has it, or with the habits of a product. */
public enum ChargingProfile {
    /** Numbers its messages and containers (TS 32.291); thresholds mean what is left (TS 32.299). */
    STRICT,
    /**
     * As the SMF of free5GC: all messages and containers carry the number 0, volumes are 32 bits wide and wrap, and a
     * volume threshold means what has been used.
     */
    FREE5GC;

    /** The stable word of APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The profile of a word. */
    public static Optional<ChargingProfile> ofWord(String word) {
        for (ChargingProfile profile : values()) {
            if (profile.word().equals(word)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    boolean numbersMessages() {
        return this == STRICT;
    }
}
