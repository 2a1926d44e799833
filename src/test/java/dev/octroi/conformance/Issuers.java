package dev.octroi.conformance;

import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The CI and the manufacturer of one curve, read from their files, and the certificates that this suite makes. */
final class Issuers {
    static final String EUICC_POLICY = "2.23.146.1.2.1.1";
    static final String EUM_POLICY = "2.23.146.1.2.1.2";
    static final String EID_PREFIX = "89049032";
    private static final String MANUFACTURER = "RSP Test EUM";

    final String curve;
    final Issuer ci;
    final Issuer eum;

    /** A certificate with its key. */
    record Issuer(X509CertificateHolder certificate, PrivateKey key) {
        byte[] der() {
            try {
                return certificate.getEncoded();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        byte[] keyId() {
            return org.bouncycastle.asn1.x509.SubjectKeyIdentifier.fromExtensions(certificate.getExtensions())
                    .getKeyIdentifier();
        }
    }

    /** From and until when a certificate holds. */
    record Validity(Instant from, Instant to) {
        static final Validity LONG =
                new Validity(Instant.now().minus(Duration.ofDays(1)), Instant.parse("7496-01-24T00:00:00Z"));
        static final Validity OVER = new Validity(
                Instant.now().minus(Duration.ofDays(400)), Instant.now().minus(Duration.ofDays(30)));
    }

    private Issuers(String curve, Issuer ci, Issuer eum) {
        this.curve = curve;
        this.ci = ci;
        this.eum = eum;
    }

    static Issuers read(Path folder, String curve) throws IOException {
        return new Issuers(curve, load(folder, "ci"), load(folder, "eum"));
    }

    /** Issuers that no server knows. */
    static Issuers strangers(String curve) {
        KeyPair keys = Keys.generate(curve);
        Issuer ci =
                certificate(null, keys, "CN=Another CI", "2.23.146.1.2.1.0", Validity.LONG, BigInteger.ONE, true, null);
        return new Issuers(curve, ci, new Issuers(curve, ci, ci).manufacturer(EUM_POLICY, Validity.LONG));
    }

    /** Another manufacturer under the CI. */
    Issuer manufacturer(String policy, Validity validity) {
        return certificate(
                ci,
                Keys.generate(curve),
                "C=ES,O=" + MANUFACTURER + ",CN=EUM of the suite",
                policy,
                validity,
                new BigInteger(100, Keys.RANDOM),
                true,
                EID_PREFIX);
    }

    /** The certificate of a card. */
    Issuer card(Issuer manufacturer, String eid, String policy, Validity validity) {
        return certificate(
                manufacturer,
                Keys.generate(curve),
                eid,
                policy,
                validity,
                new BigInteger(120, Keys.RANDOM),
                false,
                null);
    }

    private static Issuer certificate(
            Issuer by,
            KeyPair keys,
            String subject,
            String policy,
            Validity validity,
            BigInteger serial,
            boolean authority,
            String eidPrefix) {
        try {
            X500Name name = subject.contains("=") ? new X500Name(subject) : cardName(subject);
            X500Name issuer = by == null ? name : by.certificate().getSubject();
            PublicKey issuerKey = by == null ? keys.getPublic() : publicKey(by);
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, serial, Date.from(validity.from()), Date.from(validity.to()), name, keys.getPublic());
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    by == null
                            ? ids.createAuthorityKeyIdentifier(issuerKey)
                            : new org.bouncycastle.asn1.x509.AuthorityKeyIdentifier(by.keyId()));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.certificatePolicies,
                    true,
                    new CertificatePolicies(new PolicyInformation(new ASN1ObjectIdentifier(policy))));
            if (authority) {
                builder.addExtension(
                        Extension.basicConstraints,
                        true,
                        by == null ? new BasicConstraints(true) : new BasicConstraints(0));
            }
            if (eidPrefix != null) {
                builder.addExtension(Extension.nameConstraints, true, permitted(eidPrefix));
            }
            PrivateKey signer = by == null ? keys.getPrivate() : by.key();
            return new Issuer(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .setProvider(Keys.BC)
                            .build(signer)),
                    keys.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X500Name cardName(String eid) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "ES")
                .addRDN(BCStyle.O, MANUFACTURER)
                .addRDN(BCStyle.SERIALNUMBER, eid)
                .addRDN(BCStyle.CN, "Card of the suite")
                .build();
    }

    private static NameConstraints permitted(String eidPrefix) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, MANUFACTURER)
                .addRDN(BCStyle.SERIALNUMBER, eidPrefix)
                .build();
        return new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(new GeneralName(name))}, null);
    }

    static PublicKey publicKey(Issuer issuer) throws IOException {
        return new JcaPEMKeyConverter()
                .setProvider(Keys.BC)
                .getPublicKey(issuer.certificate().getSubjectPublicKeyInfo());
    }

    private static Issuer load(Path folder, String name) throws IOException {
        try (Reader certificate = Files.newBufferedReader(folder.resolve(name + ".pem"));
                Reader key = Files.newBufferedReader(folder.resolve(name + ".key"))) {
            return new Issuer(
                    (X509CertificateHolder) new PEMParser(certificate).readObject(),
                    new JcaPEMKeyConverter().setProvider(Keys.BC).getPrivateKey((PrivateKeyInfo)
                            new PEMParser(key).readObject()));
        }
    }
}
