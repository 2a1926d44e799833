package dev.octroi.rsp.words;

import java.util.Locale;

/** Who must act after a refusal. */
public enum Actor {
    /** Whoever holds the device. */
    TRAVELLER,
    /** Whoever sold the plan. */
    RESELLER,
    /** The network whose profile it is, or the system that orders for it. */
    OPERATOR,
    /** The maker of the device or of its eSIM chip. */
    DEVICE_MAKER,
    /** Whoever runs the SM-DP+. */
    PLATFORM;

    /** The form in APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
