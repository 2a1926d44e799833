package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sensitive;
import java.time.Instant;

/**
 * A profile is to begin anew.
 *
 * @param freshCode whether the activation code is replaced; the old one is dead from then on
 * @param liftCard whether a reservation for one card is lifted; a card that only was the first to come never stays
 * @param expiresAt the end of the time for downloading
 * @param confirmationCode asked of the traveller
 * @param by who does it, and why
 */
public record ResetRequest(
        boolean freshCode,
        boolean liftCard,
        Wish<Instant> expiresAt,
        Wish<Sensitive<String>> confirmationCode,
        ProfileChange.Note by) {
    public ResetRequest {
        requireNonNull(expiresAt, "expiresAt is null");
        requireNonNull(confirmationCode, "confirmationCode is null");
        requireNonNull(by, "by is null");
    }

    /** Everything stays as the order has it. */
    public static ResetRequest plain(ProfileChange.Note by) {
        return new ResetRequest(false, false, new Wish.Keep<>(), new Wish.Keep<>(), by);
    }

    /**
     * What is to become of a part of the order.
     *
     * @param <T> the part
     */
    public sealed interface Wish<T> {
        /** It stays. */
        record Keep<T>() implements Wish<T> {}

        /** It is gone. */
        record Drop<T>() implements Wish<T> {}

        /** It is replaced. */
        record Put<T>(T value) implements Wish<T> {
            public Put {
                requireNonNull(value, "value is null");
            }
        }
    }
}
