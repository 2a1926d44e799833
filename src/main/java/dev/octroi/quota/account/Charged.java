package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

/**
 * The outcome of a charging message.
 *
 * @param session the session that the answer belongs to: for a creation that came again the one it made the first time
 * @param answer what it is answered
 * @param byArea whether its consumer has to report when the device moves within a network: zones of the plan are smaller than one
 */
public record Charged(long session, ChargeAnswer answer, boolean byArea) {
    public Charged {
        requireNonNull(answer, "answer is null");
    }
}
