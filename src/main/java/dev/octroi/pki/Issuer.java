package dev.octroi.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority in memory: certificate, private key, and what it signs. P-256 with SHA-256 throughout. */
final class Issuer {
    private static final Duration BACKDATE = Duration.ofMinutes(5);

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    Issuer(X509Certificate certificate, PrivateKey key, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    static KeyPair newKeyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** A self-signed root over one issuing CA. */
    static Issuer root(X500Principal name, Instant now, Duration life, SecureRandom random)
            throws GeneralSecurityException, IOException {
        KeyPair keys = newKeyPair(random);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                newSerial(random),
                Date.from(now.minus(BACKDATE)),
                Date.from(now.plus(life)),
                name,
                keys.getPublic());
        addAuthority(builder, keys.getPublic(), 1);
        return new Issuer(sign(builder, keys.getPrivate()), keys.getPrivate(), random);
    }

    /** An issuing CA for end entities, whose URI names are held to one host. */
    Issuer issuing(X500Principal name, String uriHost, Instant now, Duration life)
            throws GeneralSecurityException, IOException {
        KeyPair keys = newKeyPair(random);
        X509v3CertificateBuilder builder = builder(name, keys.getPublic(), now, life);
        addAuthority(builder, keys.getPublic(), 0);
        GeneralSubtree permitted = new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, uriHost));
        builder.addExtension(
                Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {permitted}, null));
        addAuthorityKey(builder);
        return new Issuer(sign(builder, key), keys.getPrivate(), random);
    }

    /** An end-entity certificate. */
    X509Certificate leaf(
            X500Principal name, PublicKey subject, LeafProfile profile, List<GeneralName> names, Instant now)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = builder(name, subject, now, LeafProfile.LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        KeyPurposeId purpose =
                profile == LeafProfile.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subject));
        addAuthorityKey(builder);
        return sign(builder, key);
    }

    /** A revocation list that repeats the entries of the former one and adds serials. */
    X509CRL revocations(Set<? extends X509CRLEntry> former, List<BigInteger> added, Instant now, Duration life)
            throws GeneralSecurityException, IOException {
        JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(certificate, Date.from(now));
        builder.setNextUpdate(Date.from(now.plus(life)));
        for (X509CRLEntry entry : former) {
            builder.addCRLEntry(entry.getSerialNumber(), entry.getRevocationDate(), CRLReason.unspecified);
        }
        for (BigInteger serial : added) {
            builder.addCRLEntry(serial, Date.from(now), CRLReason.unspecified);
        }
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(now.toEpochMilli())));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
        try {
            return new JcaX509CRLConverter()
                    .getCRL(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new CRLException("cannot sign a revocation list", e);
        }
    }

    private X509v3CertificateBuilder builder(X500Principal name, PublicKey subject, Instant now, Duration life) {
        return new JcaX509v3CertificateBuilder(
                certificate.getSubjectX500Principal(),
                newSerial(random),
                Date.from(now.minus(BACKDATE)),
                Date.from(now.plus(life)),
                name,
                subject);
    }

    private void addAuthorityKey(X509v3CertificateBuilder builder) throws GeneralSecurityException, IOException {
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
    }

    private static void addAuthority(X509v3CertificateBuilder builder, PublicKey subject, int pathLength)
            throws GeneralSecurityException, IOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subject));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws CertificateException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new CertificateException("cannot sign a certificate", e);
        }
    }

    /** 127 random bits: positive, never zero in practice, far below the 20 octets of RFC 5280 §4.1.2.2. */
    private static BigInteger newSerial(SecureRandom random) {
        return new BigInteger(127, random).setBit(0);
    }
}
