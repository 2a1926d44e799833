package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Verifies the certificates that a card brings: eUICC, manufacturer (EUM), issuer (SGP.22 §4.5.2, §5.6.3).
 *
 * <p>The same few manufacturers come again and again: that the issuer signed a manufacturer's certificate is
 * remembered by its bytes. Validity and revocation are looked at every time. Thread-safe.
 */
public final class ChainVerifier {
    private static final int MAX_REMEMBERED = 512;

    private final ConcurrentMap<ByteBuffer, RspCertificate> manufacturers = new ConcurrentHashMap<>();

    /**
     * Verifies a chain.
     *
     * @param card the element with CERT.EUICC
     * @param manufacturer the element with CERT.EUM
     * @param issuer the CI that the session is about
     * @param now the moment of the check
     */
    public ChainResult verify(Tlv card, Tlv manufacturer, TrustedIssuer issuer, Instant now) {
        ByteBuffer name = ByteBuffer.wrap(Tlv.concat(issuer.certificate().element(), manufacturer));
        RspCertificate eum = manufacturers.get(name);
        if (eum == null) {
            try {
                eum = RspCertificate.of(manufacturer);
            } catch (MalformedTlvException e) {
                return refused(ChainResult.Cause.MANUFACTURER_INVALID);
            }
            if (!eum.authorityKeyId().equals(Optional.of(issuer.keyId()))) {
                return refused(ChainResult.Cause.ISSUER_UNKNOWN);
            }
            if (!isManufacturer(eum)
                    || !eum.isSignedBy(
                            issuer.certificate().curve(), issuer.certificate().key())) {
                return refused(ChainResult.Cause.MANUFACTURER_INVALID);
            }
            remember(name, eum);
        }
        if (issuer.hasRevoked(eum) || issuer.isStaleAt(now)) {
            return refused(ChainResult.Cause.MANUFACTURER_INVALID);
        }
        if (!eum.isValidAt(now)) {
            return refused(ChainResult.Cause.MANUFACTURER_EXPIRED);
        }
        return verifyCard(card, eum, now);
    }

    private static ChainResult verifyCard(Tlv element, RspCertificate eum, Instant now) {
        RspCertificate card;
        try {
            card = RspCertificate.of(element);
        } catch (MalformedTlvException e) {
            return refused(ChainResult.Cause.CARD_INVALID);
        }
        Optional<String> eid = card.subjectSerialNumber().filter(Eid::isValid);
        if (eid.isEmpty()
                || !card.hasRole(RspRole.EUICC)
                || !card.extensions().maySign()
                || !card.authorityKeyId().equals(eum.subjectKeyId())
                || !eum.extensions().permits(eid.get(), card.subjectOrganisation())
                || !card.isSignedBy(eum.curve(), eum.key())) {
            return refused(ChainResult.Cause.CARD_INVALID);
        }
        if (!card.isValidAt(now)) {
            return refused(ChainResult.Cause.CARD_EXPIRED);
        }
        return new ChainResult.Verified(new Eid(eid.get()), card.curve(), card.key());
    }

    private static boolean isManufacturer(RspCertificate certificate) {
        return certificate.hasRole(RspRole.EUM)
                && certificate.extensions().mayIssue()
                && certificate.subjectKeyId().isPresent();
    }

    private void remember(ByteBuffer name, RspCertificate eum) {
        if (manufacturers.size() >= MAX_REMEMBERED) {
            manufacturers.clear();
        }
        manufacturers.put(name, eum);
    }

    private static ChainResult refused(ChainResult.Cause cause) {
        return new ChainResult.Refused(cause);
    }
}
