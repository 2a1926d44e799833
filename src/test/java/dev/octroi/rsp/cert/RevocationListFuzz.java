package dev.octroi.rsp.cert;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.List;

/** The reader of revocation lists, as they come and with the input signed by the issuer. */
public final class RevocationListFuzz implements FuzzTarget {
    private static final Tlv ALGORITHM =
            Tlv.constructed(0x30, Tlv.of(0x06, new ObjectId("1.2.840.10045.4.3.2").bytes()));

    private final GsmaMaterial material = FuzzPki.pki().material();
    private final RspCertificate issuer;

    public RevocationListFuzz() throws MalformedTlvException {
        issuer = RspCertificate.parse(material.ci().certificateDer());
    }

    @Override
    public void feed(byte[] input) throws GeneralSecurityException {
        read(input);
        try {
            read(signed(Tlv.parse(input)));
        } catch (MalformedTlvException declared) {
            // Nothing to sign.
        }
    }

    private void read(byte[] list) {
        try {
            RevocationList read = RevocationList.parse(list, issuer);
            read.extensions().authorityKeyId();
            read.nextUpdate();
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    private byte[] signed(Tlv content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(material.ci().privateKey(), FuzzPki.RANDOM);
        signature.update(content.raw());
        ByteArrayOutputStream bits = new ByteArrayOutputStream();
        bits.write(0);
        bits.writeBytes(signature.sign());
        return Tlv.constructed(0x30, content, ALGORITHM, Tlv.of(0x03, bits.toByteArray()))
                .raw();
    }

    @Override
    public List<byte[]> seeds() throws GeneralSecurityException {
        byte[] revoked;
        try {
            revoked = FuzzPki.pki().material().crl().getTBSCertList();
        } catch (java.security.cert.CRLException e) {
            throw new GeneralSecurityException(e);
        }
        return List.of(material.crl().getEncoded(), revoked);
    }
}
