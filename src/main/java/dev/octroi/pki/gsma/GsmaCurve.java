package dev.octroi.pki.gsma;

/** The two elliptic curves that SGP.22 requires every SM-DP+ and eUICC to know (v2.5 §2.6.7.1). */
public enum GsmaCurve {
    /** NIST P-256. */
    P256("secp256r1", "p256"),
    /** Brainpool P256r1, which the JDK's own providers do not have. */
    BRAINPOOL_P256R1("brainpoolP256r1", "brainpool");

    private final String curveName;
    private final String folder;

    GsmaCurve(String curveName, String folder) {
        this.curveName = curveName;
        this.folder = folder;
    }

    /** The name under which JCA providers know the curve. */
    public String curveName() {
        return curveName;
    }

    /** The sub-folder of the GSMA PKI folder that holds the certificates on this curve. */
    public String folder() {
        return folder;
    }
}
