package dev.octroi.callback.call;

import static java.util.Objects.requireNonNull;

/**
 * The clients that reach receivers.
 *
 * @param partner shows the gateway's client certificate and trusts network and operators
 * @param outside trusts the public authorities, shows no certificate; only together with one of the next two
 * @param sbi as {@code partner}, towards network functions over HTTP/2
 * @param webhooks checks where {@code outside} may go, of addresses that resellers name
 * @param network the same of addresses that partners name: what resellers do to their name servers does not hold it up
 */
public record Callers(
        CallbackClient partner,
        CallbackClient outside,
        CallbackClient sbi,
        CallbackAddress webhooks,
        CallbackAddress network) {
    public Callers {
        requireNonNull(partner, "partner is null");
        requireNonNull(outside, "outside is null");
        requireNonNull(sbi, "sbi is null");
        requireNonNull(webhooks, "webhooks is null");
        requireNonNull(network, "network is null");
    }
}
