package dev.octroi.pki.gsma;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One certificate in the making: what all roles have in common, subject key and issuer key identifiers included. */
final class GsmaCertificate {
    private static final String CRL_ADDRESS = "http://ci.test.example.com/CRL-A.crl";
    private static final int SERIAL_BITS = 120;

    private final KeyPair keys;
    private final X500Name subject;
    private final Instant start;
    private final Instant end;
    private final SecureRandom random;
    private final ExtensionsGenerator extensions = new ExtensionsGenerator();

    GsmaCertificate(KeyPair keys, X500Name subject, Instant start, Instant end, SecureRandom random) {
        this.keys = keys;
        this.subject = subject;
        this.start = start;
        this.end = end;
        this.random = random;
    }

    GsmaCertificate add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            extensions.addExtension(id, critical, value);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("extension cannot be encoded", e);
        }
    }

    GsmaCertificate policy(GsmaRole role) {
        return add(Extension.certificatePolicies, true, new CertificatePolicies(new PolicyInformation(role.policy())));
    }

    GsmaCertificate names(GeneralName... names) {
        return add(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    GsmaCertificate revocationList() {
        GeneralNames address = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, CRL_ADDRESS));
        DistributionPoint[] points = {new DistributionPoint(new DistributionPointName(address), null, null)};
        return add(Extension.cRLDistributionPoints, false, new CRLDistPoint(points));
    }

    GsmaCredential selfSigned() {
        return sign(subject, keys.getPublic(), keys.getPrivate());
    }

    GsmaCredential signedBy(GsmaCredential issuer) {
        X500Name name = X500Name.getInstance(
                issuer.certificate().getSubjectX500Principal().getEncoded());
        return sign(name, issuer.certificate().getPublicKey(), issuer.privateKey());
    }

    private GsmaCredential sign(X500Name issuer, PublicKey issuerKey, PrivateKey issuerPrivateKey) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            add(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
            add(Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
            BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, serial, Date.from(start), Date.from(end), subject, keys.getPublic());
            for (ASN1ObjectIdentifier id : extensions.generate().getExtensionOIDs()) {
                builder.addExtension(extensions.generate().getExtension(id));
            }
            byte[] der = builder.build(signer(issuerPrivateKey, random)).getEncoded();
            return new GsmaCredential(GsmaPem.certificate(der), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot issue a certificate", e);
        }
    }

    static byte[] revocationList(
            GsmaCredential ci, Instant now, Instant nextUpdate, List<BigInteger> revokedSerials, SecureRandom random) {
        try {
            JcaX509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(ci.certificate().getSubjectX500Principal(), Date.from(now));
            builder.setNextUpdate(Date.from(nextUpdate));
            for (BigInteger serial : revokedSerials) {
                builder.addCRLEntry(serial, Date.from(now), CRLReason.keyCompromise);
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(ci.certificate().getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(now.getEpochSecond())));
            return builder.build(signer(ci.privateKey(), random)).getEncoded();
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot sign the revocation list", e);
        }
    }

    static List<BigInteger> revokedSerials(X509CRL crl) {
        var entries = crl.getRevokedCertificates();
        return entries == null
                ? List.of()
                : entries.stream().map(entry -> entry.getSerialNumber()).toList();
    }

    static GeneralName registeredId(String oid) {
        return new GeneralName(GeneralName.registeredID, oid);
    }

    /** A DNS name, or an IP address when the host is written as one. */
    static GeneralName hostName(String host) {
        boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static ContentSigner signer(PrivateKey key, SecureRandom random) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA")
                .setProvider(GsmaPem.PROVIDER)
                .setSecureRandom(random)
                .build(key);
    }
}
