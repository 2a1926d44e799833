package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A certificate revocation list (RFC 5280 §5) with a verified signature. */
public final class RevocationList {
    private final Instant nextUpdate;
    private final Set<ByteBuffer> serials;

    private RevocationList(Instant nextUpdate, Set<ByteBuffer> serials) {
        this.nextUpdate = nextUpdate;
        this.serials = serials;
    }

    static RevocationList parse(byte[] der, RspCertificate issuer) throws MalformedTlvException {
        List<Tlv> parts = Tlv.parse(der, TlvLimits.PACKAGE).expect(0x30).children();
        if (parts.size() != 3) {
            throw new MalformedTlvException("a revocation list has three parts");
        }
        Tlv signedPart = parts.get(0);
        byte[] signature = CertificateFields.bits(parts.get(2));
        if (!issuer.curve().verifyDer(issuer.key(), signature, signedPart.raw())) {
            throw new MalformedTlvException("the revocation list is not signed by its issuer");
        }
        List<Tlv> times = signedPart.children().stream()
                .filter(field -> field.tag() == 0x17 || field.tag() == 0x18)
                .toList();
        if (times.size() != 2) {
            throw new MalformedTlvException("a revocation list says when the next one comes");
        }
        return new RevocationList(CertificateFields.time(times.get(1)), serials(signedPart));
    }

    /** Revoked entries are the sequence behind the times. */
    private static Set<ByteBuffer> serials(Tlv signedPart) throws MalformedTlvException {
        Set<ByteBuffer> serials = new HashSet<>();
        boolean behindTimes = false;
        for (Tlv field : signedPart.children()) {
            if (field.tag() == 0x17 || field.tag() == 0x18) {
                behindTimes = true;
            } else if (behindTimes && field.tag() == 0x30) {
                for (Tlv entry : field.children()) {
                    serials.add(ByteBuffer.wrap(entry.require(0x02).value()));
                }
            }
        }
        return serials;
    }

    /** When the issuer promised the next list. */
    Instant nextUpdate() {
        return nextUpdate;
    }

    boolean contains(RspCertificate certificate) {
        return serials.contains(certificate.serialNumber());
    }
}
