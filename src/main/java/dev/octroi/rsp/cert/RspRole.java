package dev.octroi.rsp.cert;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a certificate is for, as its policy says. Version 2 and variant O number the roles flat behind 2.23.146.1.2.1
 * (SGP.14 §2, SGP.22 v2.5 §4.5.2); the variants Ov3, A, B and C walk a tree from the root down (SGP.22 v3 Annex H).
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum RspRole {
    /** Certificate issuer: the root. */
    CI("0"),
    /** A CA between root and manufacturers, in newer chains only. */
    CI_SUB_CA("0.0"),
    /** eUICC manufacturer. */
    EUM("2", "0.0.0"),
    /** A CA between manufacturer and eUICC, in newer chains only. */
    EUM_SUB_CA("0.0.0.0"),
    /** eUICC. */
    EUICC("1", "0.0.0.0.0"),
    /** TLS of an SM-DP+. */
    DP_TLS("3", "0.0.1.0"),
    /** Authentication of an SM-DP+. */
    DP_AUTH("4", "0.0.1.1"),
    /** Binding of profile packages. */
    DP_PB("5", "0.0.1.2");

    private static final String ARC = "2.23.146.1.2.1.";

    private final List<String> arcs;

    RspRole(String... arcs) {
        this.arcs = List.of(arcs);
    }

    /** The first policy of this role: that of the version 2 chains, where those have the role. */
    public String policy() {
        return ARC + arcs.getFirst();
    }

    /** The role that a policy names. */
    public static Optional<RspRole> ofPolicy(String policy) {
        if (!policy.startsWith(ARC)) {
            return Optional.empty();
        }
        String arc = policy.substring(ARC.length());
        return Arrays.stream(values()).filter(role -> role.arcs.contains(arc)).findFirst();
    }
}
