package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

/**
 * The clients that reach receivers.
 *
 * @param partner shows the gateway's client certificate and trusts network and operators
 * @param outside trusts the public authorities, shows no certificate; only together with {@code addresses}
 * @param sbi as {@code partner}, towards network functions over HTTP/2
 * @param addresses checks where {@code outside} may go
 */
record Callers(CallbackClient partner, CallbackClient outside, CallbackClient sbi, CallbackAddress addresses) {
    Callers {
        requireNonNull(partner, "partner is null");
        requireNonNull(outside, "outside is null");
        requireNonNull(sbi, "sbi is null");
        requireNonNull(addresses, "addresses is null");
    }
}
