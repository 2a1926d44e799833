package dev.octroi.pki.gsma;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Makes certificates to the profiles of SGP.14 §2 with the names and identifiers of SGP.26. */
final class GsmaIssuer {
    private static final String EUM_ORGANISATION = "RSP Test EUM";
    private static final String CI_OID = "2.999.1";
    private static final String EUM_OID = "2.999.5";
    private static final Duration CI_LIFE = Duration.ofDays(35 * 365L);
    private static final Duration EUM_LIFE = Duration.ofDays(34 * 365L);
    private static final Duration SERVER_LIFE = Duration.ofDays(3 * 365L);
    /** What SGP.26 gives eUICC certificates: they outlive every card. */
    private static final Instant EUICC_END = Instant.parse("7496-01-24T00:00:00Z");

    private final SecureRandom random;

    GsmaIssuer(SecureRandom random) {
        this.random = random;
    }

    KeyPair newKeyPair(GsmaCurve curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", GsmaPem.PROVIDER);
            generator.initialize(new ECGenParameterSpec(curve.curveName()), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key pair on " + curve, e);
        }
    }

    GsmaCredential ci(KeyPair keys, Instant now) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, "Test CI")
                .addRDN(BCStyle.OU, "TESTCERT")
                .addRDN(BCStyle.O, "RSPTEST")
                .addRDN(BCStyle.C, "IT")
                .build();
        return new GsmaCertificate(keys, name, now, now.plus(CI_LIFE), random)
                .add(Extension.basicConstraints, true, new BasicConstraints(true))
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .policy(GsmaRole.CI)
                .names(GsmaCertificate.registeredId(CI_OID))
                .revocationList()
                .selfSigned();
    }

    GsmaCredential eum(KeyPair keys, GsmaCredential ci, Instant now) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "ES")
                .addRDN(BCStyle.O, EUM_ORGANISATION)
                .addRDN(BCStyle.CN, "EUM Test")
                .build();
        X500Name permitted = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, EUM_ORGANISATION)
                .addRDN(BCStyle.SERIALNUMBER, GsmaEid.TEST_PREFIX)
                .build();
        GeneralSubtree[] subtrees = {new GeneralSubtree(new GeneralName(permitted))};
        return new GsmaCertificate(keys, name, now, now.plus(EUM_LIFE), random)
                .add(Extension.basicConstraints, true, new BasicConstraints(0))
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                .add(Extension.nameConstraints, true, new NameConstraints(subtrees, null))
                .policy(GsmaRole.EUM)
                .names(GsmaCertificate.registeredId(EUM_OID))
                .revocationList()
                .signedBy(ci);
    }

    GsmaCredential euicc(KeyPair keys, GsmaCredential eum, String eid, Instant now) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "ES")
                .addRDN(BCStyle.O, EUM_ORGANISATION)
                .addRDN(BCStyle.SERIALNUMBER, eid)
                .addRDN(BCStyle.CN, "Test eUICC")
                .build();
        return new GsmaCertificate(keys, name, now, EUICC_END, random)
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .policy(GsmaRole.EUICC)
                .signedBy(eum);
    }

    GsmaCredential smdp(KeyPair keys, GsmaCredential ci, GsmaRole role, String oid, Instant now) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "ACME")
                .addRDN(BCStyle.CN, "TEST SM-DP+")
                .build();
        return new GsmaCertificate(keys, name, now, now.plus(SERVER_LIFE), random)
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .policy(role)
                .names(GsmaCertificate.registeredId(oid))
                .revocationList()
                .signedBy(ci);
    }

    GsmaCredential smdpTls(KeyPair keys, GsmaCredential ci, String oid, List<String> hosts, Instant now) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "ACME")
                .addRDN(BCStyle.CN, hosts.getFirst())
                .build();
        GeneralName[] names = Stream.concat(
                        hosts.stream().map(GsmaCertificate::hostName), Stream.of(GsmaCertificate.registeredId(oid)))
                .toArray(GeneralName[]::new);
        KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        return new GsmaCertificate(keys, name, now, now.plus(SERVER_LIFE), random)
                .add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .add(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes))
                .policy(GsmaRole.DP_TLS)
                .names(names)
                .revocationList()
                .signedBy(ci);
    }

    /** A revocation list of the CI, DER. */
    byte[] crl(GsmaCredential ci, Instant now, Duration life, List<BigInteger> revokedSerials) {
        return GsmaCertificate.revocationList(ci, now, now.plus(life), revokedSerials, random);
    }
}
