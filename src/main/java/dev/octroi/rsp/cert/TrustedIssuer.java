package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A certificate issuer (CI) whose cards are believed.
 *
 * @param certificate the root certificate
 * @param keyId its subject key identifier, the name of the issuer in all messages
 * @param revocations its revocation list, or null when it publishes none
 */
public record TrustedIssuer(
        RspCertificate certificate,
        ByteBuffer keyId,
        @Nullable RevocationList revocations) {
    public TrustedIssuer {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(keyId, "keyId is null");
    }

    /**
     * Takes a root certificate and its revocation list.
     *
     * @throws MalformedTlvException when one cannot be read, the root has no key identifier, or the list is not
     *     signed by the root
     */
    public static TrustedIssuer of(byte[] certificateDer, byte @Nullable [] revocationListDer)
            throws MalformedTlvException {
        RspCertificate certificate = RspCertificate.parse(certificateDer);
        ByteBuffer keyId = certificate
                .subjectKeyId()
                .orElseThrow(() -> new MalformedTlvException("the root has no subject key identifier"));
        @Nullable
        RevocationList list = revocationListDer == null ? null : RevocationList.parse(revocationListDer, certificate);
        return new TrustedIssuer(certificate, keyId, list);
    }

    /** The key identifier as bytes. */
    public byte[] keyIdBytes() {
        byte[] bytes = new byte[keyId.remaining()];
        keyId.duplicate().get(bytes);
        return bytes;
    }

    /** Whether the list of this issuer was due to be replaced before the moment. */
    boolean isStaleAt(Instant moment) {
        return revocations != null && moment.isAfter(revocations.nextUpdate());
    }

    boolean hasRevoked(RspCertificate issued) {
        return revocations != null && revocations.contains(issued);
    }

    @Override
    public String toString() {
        return "TrustedIssuer[" + HexFormat.of().formatHex(keyIdBytes()) + "]";
    }
}
