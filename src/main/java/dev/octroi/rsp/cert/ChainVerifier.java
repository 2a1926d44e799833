package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private final ConcurrentMap<ByteBuffer, IssuerPath> paths = new ConcurrentHashMap<>();

    /** Verifies a chain of card, manufacturer and issuer. */
    public ChainResult verify(Tlv card, Tlv manufacturer, TrustedIssuer issuer, Instant now) {
        return verify(card, manufacturer, List.of(), issuer, now);
    }

    /**
     * Verifies a chain.
     *
     * @param card the element with CERT.EUICC
     * @param manufacturer the element with the certificate that issued it, CERT.EUM in most chains
     * @param others further authorities of a newer chain (otherCertsInChain), in any order
     * @param issuer the CI that the session is about
     * @param now the moment of the check
     */
    public ChainResult verify(Tlv card, Tlv manufacturer, List<Tlv> others, TrustedIssuer issuer, Instant now) {
        if (!issuer.certificate().isValidAt(now)) {
            return refused(ChainResult.Cause.ISSUER_UNKNOWN);
        }
        IssuerPath path;
        try {
            path = path(manufacturer, others, issuer);
        } catch (IssuerPath.NoPath e) {
            return refused(e.reason());
        }
        Revocations revocations = issuer.revocations();
        if (revocations.contains(path.top()) || revocations.freshnessAt(now) == Revocations.Freshness.STALE) {
            return refused(ChainResult.Cause.MANUFACTURER_INVALID);
        }
        if (!path.isValidAt(now)) {
            return refused(ChainResult.Cause.MANUFACTURER_EXPIRED);
        }
        return verifyCard(card, path, now);
    }

    private IssuerPath path(Tlv manufacturer, List<Tlv> others, TrustedIssuer issuer) throws IssuerPath.NoPath {
        Tlv root = issuer.certificate().element();
        IssuerPath known = paths.get(name(root, manufacturer, List.of()));
        if (known == null && !others.isEmpty()) {
            known = paths.get(name(root, manufacturer, others));
        }
        if (known != null) {
            return known;
        }
        IssuerPath found = IssuerPath.find(manufacturer, others, issuer);
        // Remembered only without certificates that have no part in it: else a device could fill the memory.
        List<Tlv> needed = found.authorities().size() == 1 ? List.of() : others;
        if (needed.size() == found.authorities().size() - 1) {
            if (paths.size() >= MAX_REMEMBERED) {
                paths.clear();
            }
            paths.put(name(root, manufacturer, needed), found);
        }
        return found;
    }

    private static ByteBuffer name(Tlv root, Tlv manufacturer, List<Tlv> others) {
        List<Tlv> all = new ArrayList<>(List.of(root, manufacturer));
        all.addAll(others);
        return ByteBuffer.wrap(Tlv.concat(all));
    }

    private static ChainResult verifyCard(Tlv element, IssuerPath path, Instant now) {
        RspCertificate card;
        try {
            card = RspCertificate.of(element);
        } catch (MalformedTlvException e) {
            return refused(ChainResult.Cause.CARD_INVALID);
        }
        RspCertificate manufacturer = path.lowest();
        Optional<String> eid = card.subjectSerialNumber().filter(Eid::isValid);
        if (eid.isEmpty()
                || !card.hasRole(RspRole.EUICC)
                || !card.mayOnlySign()
                || !card.authorityKeyId().equals(manufacturer.subjectKeyId())
                || !path.permits(eid.get(), card.subjectOrganisation())
                || !card.isSignedBy(manufacturer.curve(), manufacturer.key())) {
            return refused(ChainResult.Cause.CARD_INVALID);
        }
        if (!card.isValidAt(now)) {
            return refused(ChainResult.Cause.CARD_EXPIRED);
        }
        return new ChainResult.Verified(new Eid(eid.get()), card.curve(), card.key());
    }

    private static ChainResult refused(ChainResult.Cause cause) {
        return new ChainResult.Refused(cause);
    }
}
