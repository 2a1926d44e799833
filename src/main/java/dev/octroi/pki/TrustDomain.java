package dev.octroi.pki;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who vouches for whom. Each domain has a root and an issuing CA of its own, and a listener trusts only the domains that
 * belong to it: a reseller's certificate does not open the network's port.
 */
public enum TrustDomain {
    /** Server certificates of the public listener (reseller and admin API, pages). */
    PUBLIC("public"),
    /** The gateway towards operators: server certificate of the operator listener, client certificate of callbacks. */
    OPERATOR("operator"),
    /** Network elements: they report usage and receive policy callbacks. */
    NETWORK("network"),
    /** External SM-DP+ and operator back ends on ES2+. */
    SM_DP("sm-dp"),
    /** Kept for resellers; no listener trusts it, and no token is bound to a certificate of it (RFC 8705). */
    RESELLER("reseller");

    private final String label;

    TrustDomain(String label) {
        this.label = label;
    }

    /** The name in folders, on the command line and in certificates. */
    public String label() {
        return label;
    }

    /** The domain with a label. */
    public static Optional<TrustDomain> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(domain -> domain.label.equals(label))
                .findFirst();
    }
}
