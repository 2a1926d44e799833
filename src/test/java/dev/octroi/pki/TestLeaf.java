package dev.octroi.pki;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes end-entity certificates with one thing wrong, signed by the real issuing CA of a domain. */
final class TestLeaf {
    private final PrivateKey issuerKey;
    private final X509Certificate issuer;
    KeyPair keys = ec("secp256r1");
    Instant notBefore = Instant.now().minusSeconds(60);
    Duration life = Duration.ofDays(1);
    BigInteger serial = new BigInteger(100, new SecureRandom()).setBit(0);
    boolean authority;
    int keyUsage = KeyUsage.digitalSignature;
    List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_clientAuth);
    List<String> uris = List.of("spiffe://network.octroi.test/crafted");
    List<GeneralName> otherNames = List.of();
    boolean unknownCriticalExtension;
    String algorithm = "SHA256withECDSA";

    TestLeaf(Path domainFolder) throws Exception {
        issuerKey = PemFile.privateKey(PemFile.read(domainFolder.resolve("issuing.key")));
        issuer = PemFile.certificates(PemFile.read(domainFolder.resolve("issuing.pem")))
                .getFirst();
    }

    TestLeaf(X509Certificate issuer, PrivateKey issuerKey) {
        this.issuer = issuer;
        this.issuerKey = issuerKey;
    }

    TlsMaterial issue() throws Exception {
        var builder = new JcaX509v3CertificateBuilder(
                issuer.getSubjectX500Principal(),
                serial,
                Date.from(notBefore),
                Date.from(notBefore.plus(life)),
                new X500Principal("CN=crafted"),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
        if (!purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        List<GeneralName> names = new ArrayList<>(otherNames);
        uris.forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        if (unknownCriticalExtension) {
            builder.addExtension(
                    new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, new DEROctetString(new byte[1]));
        }
        X509Certificate leaf = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
        return TlsMaterial.of(List.of(leaf, issuer), keys.getPrivate(), () -> notBefore.plusSeconds(1));
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }
}
