package dev.octroi.pki.gsma;

import static java.util.Objects.requireNonNull;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/** A certificate with the private key that belongs to it. */
public record GsmaCredential(X509Certificate certificate, PrivateKey privateKey) {

    public GsmaCredential {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(privateKey, "privateKey is null");
    }

    /** The DER form of the certificate. */
    public byte[] certificateDer() {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("certificate without encoding", e);
        }
    }

    /** The subject key identifier, 20 bytes, by which SGP.22 messages name the key of a CI. */
    public byte[] subjectKeyIdentifier() {
        byte[] extension = requireNonNull(
                certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId()), "no subject key identifier");
        byte[] inner = ASN1OctetString.getInstance(extension).getOctets();
        return ASN1OctetString.getInstance(inner).getOctets();
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "GsmaCredential[" + certificate.getSubjectX500Principal() + "]";
    }
}
