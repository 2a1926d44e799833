package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.util.Base64;

/**
 * A card's certificates and key under one CI as its file holds them, in base64.
 *
 * @param ciCertificate certificate of the CI, DER
 * @param euiccCertificate CERT.EUICC.ECDSA, DER
 * @param eumCertificate CERT.EUM.ECDSA, DER
 * @param privateKey SK.EUICC.ECDSA, PKCS #8
 */
public record StoredIdentity(String ciCertificate, String euiccCertificate, String eumCertificate, String privateKey) {

    public StoredIdentity {
        requireNonNull(ciCertificate, "ciCertificate is null");
        requireNonNull(euiccCertificate, "euiccCertificate is null");
        requireNonNull(eumCertificate, "eumCertificate is null");
        requireNonNull(privateKey, "privateKey is null");
    }

    CardIdentity toIdentity() {
        Base64.Decoder base64 = Base64.getDecoder();
        return CardIdentity.of(
                base64.decode(ciCertificate),
                base64.decode(euiccCertificate),
                base64.decode(eumCertificate),
                base64.decode(privateKey));
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "StoredIdentity[hidden]";
    }
}
