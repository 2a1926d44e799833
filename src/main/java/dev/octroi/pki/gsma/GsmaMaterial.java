package dev.octroi.pki.gsma;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.cert.X509CRL;

/**
 * All certificates and keys of the test PKI on one curve.
 *
 * @param directory the folder with the files: {@code NAME.pem} (certificate), {@code NAME.key} (PKCS #8, mode 0600)
 *     for the names ci, eum, dpauth, dppb and dptls, and {@code ci.crl} (DER)
 * @param curve the curve of every key here except that of DP-TLS, which is always on P-256
 * @param ci the root; its key also signs the CRL
 * @param eum the manufacturer that issues eUICC certificates
 * @param dpAuth CERT.DPauth.ECDSA of the SM-DP+
 * @param dpPb CERT.DPpb.ECDSA of the SM-DP+
 * @param dpTls CERT.DP.TLS of the SM-DP+
 * @param crl the revocation list of the CI
 */
public record GsmaMaterial(
        Path directory,
        GsmaCurve curve,
        GsmaCredential ci,
        GsmaCredential eum,
        GsmaCredential dpAuth,
        GsmaCredential dpPb,
        GsmaCredential dpTls,
        X509CRL crl) {

    public GsmaMaterial {
        requireNonNull(directory, "directory is null");
        requireNonNull(curve, "curve is null");
        requireNonNull(ci, "ci is null");
        requireNonNull(eum, "eum is null");
        requireNonNull(dpAuth, "dpAuth is null");
        requireNonNull(dpPb, "dpPb is null");
        requireNonNull(dpTls, "dpTls is null");
        requireNonNull(crl, "crl is null");
    }

    /** The PEM file with the TLS certificate of the SM-DP+. */
    public Path tlsCertificateFile() {
        return directory.resolve("dptls.pem");
    }

    /** The PEM file (PKCS #8) with the TLS key of the SM-DP+. */
    public Path tlsKeyFile() {
        return directory.resolve("dptls.key");
    }

    /** The PEM file with the CI certificate, which clients of ES9+ trust. */
    public Path ciCertificateFile() {
        return directory.resolve("ci.pem");
    }
}
