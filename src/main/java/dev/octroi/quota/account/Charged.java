package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

/**
 * The outcome of a charging message.
 *
 * @param session the session that the answer belongs to: for a creation that came again the one it made the first time
 * @param answer what it is answered
 */
public record Charged(long session, ChargeAnswer answer) {
    public Charged {
        requireNonNull(answer, "answer is null");
    }
}
