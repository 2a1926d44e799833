package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sensitive;
import java.time.Instant;
import java.util.Optional;

/**
 * The profile of a subscription, as the SM-DP+ knows it.
 *
 * @param iccid its ICCID, 18 to 20 digits; empty as long as another SM-DP+ has not reserved one
 * @param state {@code ordered}, {@code released}, {@code downloaded}, {@code installed}, {@code enabled},
 *     {@code disabled}, {@code deleted}, {@code error} or {@code failed}
 * @param activation its activation code; empty as long as it is ordered, when the order failed, and when it was taken out of use
 * @param expiresAt until when it can be downloaded; empty: it has no end
 */
public record SubscriptionProfile(
        Optional<Sensitive<String>> iccid,
        String state,
        Optional<ActivationCode> activation,
        Optional<Instant> expiresAt) {
    /** Ordered elsewhere, and not there yet. */
    public static final String ORDERED = "ordered";

    /** Ordered elsewhere, and never to come. */
    public static final String FAILED = "failed";

    /** Of a traveller who was forgotten: nothing says which one it was. */
    public static final SubscriptionProfile FORGOTTEN =
            new SubscriptionProfile(Optional.empty(), "unavailable", Optional.empty(), Optional.empty());

    public SubscriptionProfile {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(state, "state is null");
        requireNonNull(activation, "activation is null");
        requireNonNull(expiresAt, "expiresAt is null");
    }

    /** A profile that is there and has no end. */
    public SubscriptionProfile(Sensitive<String> iccid, String state, ActivationCode activation) {
        this(Optional.of(iccid), state, Optional.of(activation), Optional.empty());
    }

    /** Whether the activation code is still good: also after a download that did not end in an installation. */
    public boolean isAvailable(Instant now) {
        return isOpen() && !isOver(now);
    }

    /** Whether nothing but the end of its time stands against the activation code. */
    public boolean isExpired(Instant now) {
        return isOpen() && isOver(now);
    }

    private boolean isOpen() {
        return activation.isPresent() && (state.equals("released") || state.equals("downloaded"));
    }

    private boolean isOver(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
