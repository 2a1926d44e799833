package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * What the card was given at its making under one CI: whom it trusts and how it proves itself.
 *
 * @param trust the key of the CI
 * @param ciCertificate the CI certificate, kept for the LPA's TLS
 * @param euiccCertificate CERT.EUICC.ECDSA
 * @param eumCertificate CERT.EUM.ECDSA
 * @param privateKey SK.EUICC.ECDSA
 */
record CardIdentity(
        CardTrust trust, Tlv ciCertificate, Tlv euiccCertificate, Tlv eumCertificate, PrivateKey privateKey) {

    CardIdentity {
        requireNonNull(trust, "trust is null");
        requireNonNull(privateKey, "privateKey is null");
    }

    /** Personalises a card: the test manufacturer certifies a new key for the EID. */
    static CardIdentity issuedBy(GsmaTestPki pki, String eid) {
        GsmaCredential euicc = pki.issueEuicc(eid);
        return of(
                pki.material().ci().certificateDer(),
                euicc.certificateDer(),
                pki.material().eum().certificateDer(),
                euicc.privateKey().getEncoded());
    }

    static CardIdentity of(byte[] ciDer, byte[] euiccDer, byte[] eumDer, byte[] privateKeyPkcs8) {
        try {
            X509CertificateHolder ci = new X509CertificateHolder(ciDer);
            SubjectKeyIdentifier id =
                    ci.getExtensions() == null ? null : SubjectKeyIdentifier.fromExtensions(ci.getExtensions());
            if (id == null) {
                throw new IllegalArgumentException("CI without key identifier");
            }
            CardCurve curve = CardCurve.of(ci.getSubjectPublicKeyInfo(), 0);
            CardTrust trust = new CardTrust(
                    HexFormat.of().formatHex(id.getKeyIdentifier()),
                    curve,
                    CardCrypto.publicKey(
                            curve,
                            ci.getSubjectPublicKeyInfo().getPublicKeyData().getOctets()));
            return new CardIdentity(
                    trust,
                    Tlv.parse(ciDer),
                    Tlv.parse(euiccDer),
                    Tlv.parse(eumDer),
                    CardCrypto.privateKey(curve, privateKeyPkcs8));
        } catch (IOException
                | GeneralSecurityException
                | MalformedTlvException
                | CardRefusal
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            // BouncyCastle tells of malformed content by several unchecked exceptions.
            throw new IllegalArgumentException("not the certificates and key of a card", e);
        }
    }

    StoredIdentity toStored() {
        Base64.Encoder base64 = Base64.getEncoder();
        return new StoredIdentity(
                base64.encodeToString(ciCertificate.raw()),
                base64.encodeToString(euiccCertificate.raw()),
                base64.encodeToString(eumCertificate.raw()),
                base64.encodeToString(privateKey.getEncoded()));
    }

    /** The EID in the subject of CERT.EUICC. */
    String eid() {
        try {
            RDN[] numbers = new X509CertificateHolder(euiccCertificate.raw())
                    .getSubject()
                    .getRDNs(BCStyle.SERIALNUMBER);
            String eid = numbers.length == 0
                    ? ""
                    : IETFUtils.valueToString(numbers[0].getFirst().getValue());
            if (!eid.matches("[0-9]{32}")) {
                throw new IllegalArgumentException("certificate of an eUICC without EID");
            }
            return eid;
        } catch (IOException e) {
            throw new IllegalArgumentException("not the certificate of an eUICC", e);
        }
    }

    byte[] ciKeyId() {
        return HexFormat.of().parseHex(trust.subjectKeyId());
    }
}
