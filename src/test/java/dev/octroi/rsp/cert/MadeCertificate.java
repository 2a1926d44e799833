package dev.octroi.rsp.cert;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import org.bouncycastle.asn1.x500.X500Name;

/** A certificate that a test made, with its key. */
public record MadeCertificate(byte[] der, KeyPair keys, X500Name subject) {
    public Tlv element() throws MalformedTlvException {
        return Tlv.parse(der);
    }

    byte[] keyId() throws MalformedTlvException {
        var id = RspCertificate.parse(der).subjectKeyId().orElseThrow();
        byte[] bytes = new byte[id.remaining()];
        id.duplicate().get(bytes);
        return bytes;
    }
}
