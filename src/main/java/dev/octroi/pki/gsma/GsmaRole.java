package dev.octroi.pki.gsma;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;

/** Roles of certificates, told apart by their certificate policy 2.23.146.1.2.1.x (SGP.14 §2, variant O). */
public enum GsmaRole {
    /** Certificate issuer: the root. */
    CI(0),
    /** An eUICC. */
    EUICC(1),
    /** eUICC manufacturer: the sub-CA that issues eUICC certificates. */
    EUM(2),
    /** TLS of an SM-DP+. */
    DP_TLS(3),
    /** An SM-DP+ authenticating itself to an eUICC. */
    DP_AUTH(4),
    /** An SM-DP+ binding profile packages. */
    DP_PB(5);

    private final String policyOid;

    GsmaRole(int arc) {
        this.policyOid = "2.23.146.1.2.1." + arc;
    }

    /** The policy object identifier in dotted form. */
    public String policyOid() {
        return policyOid;
    }

    ASN1ObjectIdentifier policy() {
        return new ASN1ObjectIdentifier(policyOid);
    }
}
