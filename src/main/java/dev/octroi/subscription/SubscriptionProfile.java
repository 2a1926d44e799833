package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sensitive;

/**
 * The profile of a subscription, as the SM-DP+ knows it.
 *
 * @param iccid its ICCID, 18 to 20 digits
 * @param state {@code released}, {@code downloaded}, {@code installed}, {@code enabled}, {@code disabled},
 *     {@code deleted} or {@code error}
 * @param activation its activation code
 */
public record SubscriptionProfile(Sensitive<String> iccid, String state, ActivationCode activation) {
    public SubscriptionProfile {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(state, "state is null");
        requireNonNull(activation, "activation is null");
    }

    /** Whether the activation code is still good: also after a download that did not end in an installation. */
    public boolean isAvailable() {
        return state.equals("released") || state.equals("downloaded");
    }
}
