package dev.octroi.rsp.cert;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Makes certificates as good or as bad as a test wants them: the profiles of SGP.14 with anything changed. */
public final class CertificateMaker {
    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
    static final String PREFIX = "89049032";
    static final String MAKER = "RSP Test EUM";
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Entry(boolean critical, ASN1Encodable value) {}

    private final Map<ASN1ObjectIdentifier, Entry> extensions = new LinkedHashMap<>();
    private KeyPair keys;
    private X500Name subject;
    private Instant start = Instant.now().minusSeconds(3_600);
    private Instant end = Instant.parse("7496-01-24T00:00:00Z");
    private BigInteger serial = new BigInteger(120, RANDOM).setBit(120);
    private byte @Nullable [] authorityKeyId;
    private String algorithm = "SHA256withECDSA";

    private CertificateMaker(Curve curve, X500Name subject) {
        this.keys = curve.generate(RANDOM);
        this.subject = subject;
    }

    public static CertificateMaker ci(Curve curve) {
        return new CertificateMaker(curve, new X500Name("CN=Test CI, OU=TESTCERT, O=RSPTEST, C=IT"))
                .authority(null)
                .keyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)
                .policy("2.23.146.1.2.1.0")
                .registeredId("2.999.1");
    }

    public static CertificateMaker eum(Curve curve) {
        return authority(curve, "CN=EUM Test, O=" + MAKER + ", C=ES", "2.23.146.1.2.1.2", 0)
                .permittedNames(name(MAKER, PREFIX))
                .registeredId("2.999.5");
    }

    /** A manufacturer of the newer chains, which lists permitted prefixes. */
    public static CertificateMaker newerEum(Curve curve, int pathLength) {
        return authority(curve, "CN=EUM Test, O=" + MAKER + ", C=ES", "2.23.146.1.2.1.0.0.0", pathLength)
                .permittedEins("89033023", PREFIX);
    }

    /** A CA with a policy and a path length. */
    public static CertificateMaker authority(Curve curve, String subject, String policy, @Nullable Integer pathLength) {
        CertificateMaker maker = new CertificateMaker(curve, new X500Name(subject));
        return maker.authority(pathLength).keyUsage(KeyUsage.keyCertSign).policy(policy);
    }

    public static CertificateMaker euicc(Curve curve, String eid) {
        return new CertificateMaker(curve, name(MAKER, eid))
                .keyUsage(KeyUsage.digitalSignature)
                .policy("2.23.146.1.2.1.1");
    }

    /** A certificate of an SM-DP+: the last arc of its policy is 4 for DPauth and 5 for DPpb. */
    public static CertificateMaker server(Curve curve, int arc, String oid) {
        return new CertificateMaker(curve, new X500Name("O=ACME, CN=TEST SM-DP\\+"))
                .keyUsage(KeyUsage.digitalSignature)
                .policy("2.23.146.1.2.1." + arc)
                .registeredId(oid);
    }

    public static CertificateMaker tls(String host, String oid) {
        KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        return server(Curve.P256, 3, oid)
                .extension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes))
                .extension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, host), new GeneralName(GeneralName.registeredID, oid)
                }));
    }

    static X500Name name(@Nullable String organisation, String serialNumber) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        if (organisation != null) {
            builder.addRDN(BCStyle.O, organisation);
        }
        return builder.addRDN(BCStyle.SERIALNUMBER, serialNumber).build();
    }

    public CertificateMaker keys(KeyPair pair) {
        keys = pair;
        return this;
    }

    public CertificateMaker subject(X500Name name) {
        subject = name;
        return this;
    }

    public CertificateMaker valid(Instant from, Instant to) {
        start = from;
        end = to;
        return this;
    }

    CertificateMaker serial(BigInteger number) {
        serial = number;
        return this;
    }

    CertificateMaker algorithm(String name) {
        algorithm = name;
        return this;
    }

    /** Instead of the identifier of the issuer's key. */
    CertificateMaker authorityKeyId(byte[] id) {
        authorityKeyId = id.clone();
        return this;
    }

    /** Claims to be issued by the key of another. */
    public CertificateMaker authorityKeyIdOf(MadeCertificate claimed) throws Exception {
        return authorityKeyId(claimed.keyId());
    }

    CertificateMaker policy(String... oids) {
        PolicyInformation[] policies = Arrays.stream(oids)
                .map(oid -> new PolicyInformation(new ASN1ObjectIdentifier(oid)))
                .toArray(PolicyInformation[]::new);
        return extension(Extension.certificatePolicies, true, new CertificatePolicies(policies));
    }

    CertificateMaker keyUsage(int bits) {
        return extension(Extension.keyUsage, true, new KeyUsage(bits));
    }

    CertificateMaker authority(@Nullable Integer pathLength) {
        return extension(
                Extension.basicConstraints,
                true,
                pathLength == null ? new BasicConstraints(true) : new BasicConstraints(pathLength));
    }

    CertificateMaker permittedNames(X500Name... names) {
        return extension(Extension.nameConstraints, true, new NameConstraints(subtrees(names), null));
    }

    CertificateMaker constrainedNames(X500Name permitted, X500Name excluded) {
        return extension(Extension.nameConstraints, true, new NameConstraints(subtrees(permitted), subtrees(excluded)));
    }

    private static GeneralSubtree[] subtrees(X500Name... names) {
        return Arrays.stream(names)
                .map(name -> new GeneralSubtree(new GeneralName(name)))
                .toArray(GeneralSubtree[]::new);
    }

    CertificateMaker permittedEins(String... eins) {
        ASN1EncodableVector list = new ASN1EncodableVector();
        Arrays.stream(eins).forEach(ein -> list.add(new DERPrintableString(ein)));
        return extension(new ASN1ObjectIdentifier("2.23.146.1.2.2.0"), true, new DERSequence(list));
    }

    CertificateMaker registeredId(String oid) {
        GeneralName name = new GeneralName(GeneralName.registeredID, oid);
        return extension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }

    CertificateMaker extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        extensions.put(id, new Entry(critical, value));
        return this;
    }

    CertificateMaker without(ASN1ObjectIdentifier id) {
        extensions.remove(id);
        return this;
    }

    /** Says nothing of whom it belongs to. */
    public CertificateMaker withoutOid() {
        return without(Extension.subjectAlternativeName);
    }

    public MadeCertificate selfSigned() throws Exception {
        return sign(subject, keys);
    }

    public MadeCertificate issuedBy(MadeCertificate issuer) throws Exception {
        return sign(issuer.subject(), issuer.keys());
    }

    private MadeCertificate sign(X500Name issuer, KeyPair issuerKeys) throws Exception {
        JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(start), Date.from(end), subject, keys.getPublic());
        if (!extensions.containsKey(Extension.subjectKeyIdentifier)) {
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
        }
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                authorityKeyId == null
                        ? ids.createAuthorityKeyIdentifier(issuerKeys.getPublic())
                        : new org.bouncycastle.asn1.x509.AuthorityKeyIdentifier(authorityKeyId));
        for (Map.Entry<ASN1ObjectIdentifier, Entry> each : extensions.entrySet()) {
            ASN1Primitive value = each.getValue().value().toASN1Primitive();
            builder.addExtension(each.getKey(), each.getValue().critical(), value);
        }
        byte[] der = builder.build(new JcaContentSignerBuilder(algorithm)
                        .setProvider(PROVIDER)
                        .build(issuerKeys.getPrivate()))
                .getEncoded();
        return new MadeCertificate(der, keys, subject);
    }
}
