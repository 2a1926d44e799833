package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One certificate revocation list (RFC 5280 §5, SGP.22 v2.5 §4.5.2.1.2) with a verified signature.
 *
 * @param thisUpdate when it was made
 * @param nextUpdate when the issuer promised the next one
 * @param extensions what it covers
 * @param serials the serial numbers that it revokes, of certificates of its own issuer
 */
record RevocationList(
        Instant thisUpdate, Instant nextUpdate, RevocationListExtensions extensions, Set<BigInteger> serials) {
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final String CERTIFICATE_ISSUER = "2.5.29.29";
    /** Reason, date of invalidity, issuer, and the end of the certificate's life (SGP.22: expDate). */
    private static final Set<String> UNDERSTOOD_ENTRY_EXTENSIONS =
            Set.of("2.5.29.21", "2.5.29.24", CERTIFICATE_ISSUER, "2.23.146.1.2.0.1");

    private static final TlvLimits LIMITS = new TlvLimits(4 * 1024 * 1024, 12, 400_000);

    RevocationList {
        requireNonNull(thisUpdate, "thisUpdate is null");
        requireNonNull(nextUpdate, "nextUpdate is null");
        requireNonNull(extensions, "extensions is null");
        serials = Set.copyOf(serials);
    }

    /**
     * Reads a list.
     *
     * @throws MalformedTlvException when it cannot be read, is another issuer's or not signed by its issuer, or says
     *     something critical that is not understood
     */
    static RevocationList parse(byte[] der, RspCertificate issuer) throws MalformedTlvException {
        List<Tlv> parts = Tlv.parse(der, LIMITS).expect(0x30).children();
        if (parts.size() != 3) {
            throw new MalformedTlvException("a revocation list has three parts");
        }
        Tlv signedPart = parts.get(0).expect(0x30);
        RevocationListExtensions extensions = RevocationListExtensions.read(signedPart);
        if (extensions.authorityKeyId().isPresent()
                && !extensions.authorityKeyId().equals(issuer.subjectKeyId())) {
            throw new MalformedTlvException("the revocation list is another issuer's");
        }
        verify(parts, issuer);
        List<Tlv> times = signedPart.children().stream()
                .filter(field -> field.tag() == 0x17 || field.tag() == 0x18)
                .toList();
        if (times.size() != 2) {
            throw new MalformedTlvException("a revocation list says when the next one comes");
        }
        return new RevocationList(
                CertificateFields.time(times.get(0)),
                CertificateFields.time(times.get(1)),
                extensions,
                serials(signedPart));
    }

    /** Whether a list names the issuer's key, or names none and can be read as the issuer's. */
    static boolean claims(byte[] der, RspCertificate issuer) {
        try {
            Tlv signedPart = Tlv.parse(der, LIMITS).require(0x30);
            Optional<ByteBuffer> named = RevocationListExtensions.namedIssuer(signedPart);
            if (named.isPresent()) {
                return named.equals(issuer.subjectKeyId());
            }
            parse(der, issuer);
            return true;
        } catch (MalformedTlvException e) {
            return false;
        }
    }

    private static void verify(List<Tlv> parts, RspCertificate issuer) throws MalformedTlvException {
        if (!CertificateFields.algorithm(parts.get(1)).equals(ECDSA_SHA256)) {
            throw new MalformedTlvException("the signature is not ECDSA with SHA-256");
        }
        byte[] signature = CertificateFields.bits(parts.get(2));
        if (!issuer.extensions().maySignLists()
                || !issuer.curve()
                        .verifyDer(issuer.key(), signature, parts.get(0).raw())) {
            throw new MalformedTlvException("the revocation list is not signed by its issuer");
        }
    }

    /** Revoked entries are the sequence behind the times. */
    private static Set<BigInteger> serials(Tlv signedPart) throws MalformedTlvException {
        Set<BigInteger> serials = new HashSet<>();
        boolean behindTimes = false;
        for (Tlv field : signedPart.children()) {
            if (field.tag() == 0x17 || field.tag() == 0x18) {
                behindTimes = true;
            } else if (behindTimes && field.tag() == 0x30) {
                takeEntries(field, serials);
            }
        }
        return serials;
    }

    /**
     * An entry that names another certificate issuer speaks, with all that follow it, of that issuer's numbers (RFC 5280
     * §5.3.3); taken for ours it would revoke a stranger.
     */
    private static void takeEntries(Tlv entries, Set<BigInteger> serials) throws MalformedTlvException {
        boolean ours = true;
        for (Tlv entry : entries.children()) {
            for (Tlv extension : entry.find(0x30).map(Tlv::children).orElse(List.of())) {
                String oid = RevocationListExtensions.oid(extension);
                if (RevocationListExtensions.isCritical(extension) && !UNDERSTOOD_ENTRY_EXTENSIONS.contains(oid)) {
                    throw new MalformedTlvException("unknown critical extension of a revocation entry");
                }
                ours &= !oid.equals(CERTIFICATE_ISSUER);
            }
            if (ours) {
                serials.add(new BigInteger(entry.require(0x02).asBytes(1, 64)));
            }
        }
    }
}
