package dev.octroi.rsp.cert;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a certificate is for, as its policy says: the last arc of 2.23.146.1.2.1.x (SGP.14 §2, SGP.22 §4.5.2). Newer
 * chain variants put the arc behind 2.23.146.1.2.1.0 and add a variant number.
 */
public enum RspRole {
    /** Certificate issuer. */
    CI(0),
    /** eUICC. */
    EUICC(1),
    /** eUICC manufacturer. */
    EUM(2),
    /** TLS of an SM-DP+. */
    DP_TLS(3),
    /** Authentication of an SM-DP+. */
    DP_AUTH(4),
    /** Binding of profile packages. */
    DP_PB(5);

    private static final String ARC = "2.23.146.1.2.1.";

    private final int arc;

    RspRole(int arc) {
        this.arc = arc;
    }

    /** The policy of the version 2 chains. */
    public String policy() {
        return ARC + arc;
    }

    /** The role that a policy names. */
    public static Optional<RspRole> ofPolicy(String policy) {
        if (!policy.startsWith(ARC)) {
            return Optional.empty();
        }
        String rest = policy.substring(ARC.length());
        // 0.<role>.<variant> in the newer chains.
        String role = rest.startsWith("0.") ? rest.substring(2).split("\\.", -1)[0] : rest;
        return Arrays.stream(values())
                .filter(candidate -> Integer.toString(candidate.arc).equals(role))
                .findFirst();
    }
}
