package dev.octroi.conformance;

/** How a device speaks and on which curve its card signs. */
enum Wire {
    JSON_P256(false, "secp256r1", "p256"),
    JSON_BRAINPOOL(false, "brainpoolP256r1", "brainpool"),
    ASN1_P256(true, "secp256r1", "p256"),
    ASN1_BRAINPOOL(true, "brainpoolP256r1", "brainpool");

    final boolean asn1;
    final String curve;
    final String folder;

    Wire(boolean asn1, String curve, String folder) {
        this.asn1 = asn1;
        this.curve = curve;
        this.folder = folder;
    }
}
