package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate issuer (CI) whose cards are believed.
 *
 * @param certificate the root certificate
 * @param keyId its subject key identifier, the name of the issuer in all messages
 * @param revocations what it has revoked
 */
public record TrustedIssuer(RspCertificate certificate, ByteBuffer keyId, Revocations revocations) {
    public TrustedIssuer {
        requireNonNull(certificate, "certificate is null");
        requireNonNull(keyId, "keyId is null");
        requireNonNull(revocations, "revocations is null");
    }

    /** Takes a root certificate and its revocation list, if it publishes one; a list is believed without grace. */
    public static TrustedIssuer of(byte[] certificateDer, byte @Nullable [] revocationListDer)
            throws MalformedTlvException {
        return of(certificateDer, revocationListDer == null ? List.of() : List.of(revocationListDer), Duration.ZERO);
    }

    /**
     * Takes a root certificate and its revocation lists.
     *
     * @param revocationListsDer all of them, none when the issuer publishes none
     * @param grace how long after their end the lists are still believed
     * @throws MalformedTlvException when one cannot be read, the certificate is no root with a key identifier, or a list
     *     is not the root's
     */
    public static TrustedIssuer of(byte[] certificateDer, List<byte[]> revocationListsDer, Duration grace)
            throws MalformedTlvException {
        RspCertificate certificate = RspCertificate.parse(certificateDer);
        ByteBuffer keyId = certificate
                .subjectKeyId()
                .orElseThrow(() -> new MalformedTlvException("the root has no subject key identifier"));
        if (!isRoot(certificate, keyId)) {
            throw new MalformedTlvException("the certificate is not that of a CI");
        }
        return new TrustedIssuer(certificate, keyId, Revocations.of(revocationListsDer, certificate, grace));
    }

    /** Self-signed, may issue, and in no other role of remote SIM provisioning. */
    private static boolean isRoot(RspCertificate certificate, ByteBuffer keyId) {
        boolean role = certificate.hasRole(RspRole.CI) || certificate.roles().isEmpty();
        return role
                && certificate.extensions().mayIssue()
                && certificate.authorityKeyId().orElse(keyId).equals(keyId)
                && certificate.isSignedBy(certificate.curve(), certificate.key());
    }

    /**
     * Those of many revocation lists that are this issuer's: they name its key, or name none and are signed by it. What
     * they hold is not looked at.
     */
    public List<byte[]> ownLists(List<byte[]> revocationListsDer) {
        return revocationListsDer.stream()
                .filter(list -> RevocationList.claims(list, certificate))
                .toList();
    }

    /** The key identifier as bytes. */
    public byte[] keyIdBytes() {
        byte[] bytes = new byte[keyId.remaining()];
        keyId.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "TrustedIssuer[" + HexFormat.of().formatHex(keyIdBytes()) + "]";
    }
}
