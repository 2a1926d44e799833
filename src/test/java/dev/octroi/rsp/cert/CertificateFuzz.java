package dev.octroi.rsp.cert;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;

/** The certificate reader, and a chain whose card or manufacturer certificate is the input. */
public final class CertificateFuzz implements FuzzTarget {
    private final GsmaMaterial material = FuzzPki.pki().material();
    private final byte[] card = FuzzPki.pki().issueEuicc(FuzzPki.EID).certificateDer();
    private final TrustedIssuer issuer;

    public CertificateFuzz() throws MalformedTlvException {
        issuer = TrustedIssuer.of(material.ci().certificateDer(), null);
    }

    @Override
    public void feed(byte[] input) {
        try {
            RspCertificate certificate = RspCertificate.parse(input);
            certificate.isSignedBy(
                    issuer.certificate().curve(), issuer.certificate().key());
            certificate.isValidAt(FuzzPki.NOW);
            certificate.notAfter();
            certificate.subjectOrganisation();
            certificate.subjectSerialNumber();
            certificate.registeredId();
            Tlv genuine = Tlv.parse(card);
            Tlv manufacturer = Tlv.parse(material.eum().certificateDer());
            ChainVerifier verifier = new ChainVerifier();
            verifier.verify(certificate.element(), manufacturer, issuer, FuzzPki.NOW);
            verifier.verify(genuine, certificate.element(), issuer, FuzzPki.NOW);
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                card,
                material.ci().certificateDer(),
                material.eum().certificateDer(),
                material.dpAuth().certificateDer(),
                material.dpTls().certificateDer());
    }
}
