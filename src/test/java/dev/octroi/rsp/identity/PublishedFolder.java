package dev.octroi.rsp.identity;

import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;

/** A folder in the shape of the published SGP.26 test certificates, with keys of our own: names, forms and leftovers. */
public final class PublishedFolder {
    private static final Instant START = Instant.parse("2020-04-01T08:27:51Z");
    private static final Instant END = Instant.parse("2055-04-01T08:27:51Z");

    public final Path folder;
    public final Map<Curve, MadeCertificate> roots = new EnumMap<>(Curve.class);

    public PublishedFolder(Path folder) throws Exception {
        this.folder = folder;
        for (Curve curve : Curve.values()) {
            issuer(curve);
            for (String server : new String[] {"DP", "DP2"}) {
                String oid = server.equals("DP") ? "2.999.10" : "2.999.12";
                server(curve, server + "auth", 4, oid);
                server(curve, server + "pb", 5, oid);
            }
        }
        tls("DP", "testsmdpplus1.example.com", "2.999.10");
        tls("DP2", "testsmdpplus2.example.com", "2.999.12");
        put("DPtls/Old_TLS_Validity/Expired 2021/CERT_S_SM_DP_TLS_NIST.der", expiredTls());
        put("README", "Certificates and keys for tests.".getBytes(StandardCharsets.UTF_8));
        put("DPauth/data_sig.der", new byte[] {0x30, 6, 2, 1, 5, 2, 1, 9});
        put("CertificateIssuer/CI-csr.cnf", "[req]\nCN = Test CI".getBytes(StandardCharsets.UTF_8));
    }

    private static String suffix(Curve curve) {
        return curve == Curve.P256 ? "NIST" : "BRP";
    }

    private void issuer(Curve curve) throws Exception {
        MadeCertificate root = CertificateMaker.ci(curve).valid(START, END).selfSigned();
        roots.put(curve, root);
        MadeCertificate before = CertificateMaker.ci(curve)
                .keys(root.keys())
                .subject(new X500Name("CN=GSMA Test CI, OU=TESTCERT, O=RSPTEST, C=IT"))
                .valid(Instant.parse("2017-02-01T15:39:42Z"), Instant.parse("2052-02-01T15:39:42Z"))
                .selfSigned();
        put("CertificateIssuer/CERT_CI_ECDSA_" + suffix(curve) + ".der", root.der());
        put("CertificateIssuer/CERT_CI_ECDSA_" + suffix(curve) + ".pem", pem("CERTIFICATE", root.der()));
        put("CertificateIssuer/2017/CERT_CI_ECDSA_" + suffix(curve) + ".der", before.der());
        put(
                "EUM/CERT_EUM_ECDSA_" + suffix(curve) + ".der",
                CertificateMaker.eum(curve).valid(START, END).issuedBy(root).der());
        put(
                "EUM/CERT_EUM_SUBCA_VARA_SIG_" + suffix(curve) + ".der",
                CertificateMaker.newerEum(curve, 1)
                        .valid(START, END)
                        .issuedBy(root)
                        .der());
    }

    private void server(Curve curve, String name, int arc, String oid) throws Exception {
        MadeCertificate made =
                CertificateMaker.server(curve, arc, oid).valid(START, END).issuedBy(root(curve));
        String place = name.endsWith("auth") ? "DPauth/" : "DPpb/";
        put(place + "CERT_S_SM_" + name + "_ECDSA_" + suffix(curve) + ".der", made.der());
        put(place + "SK_S_SM_" + name + "_ECDSA_" + suffix(curve) + ".pem", key(curve, made.keys(), true));
        put(
                place + "PK_S_SM_" + name + "_ECDSA_" + suffix(curve) + ".pem",
                pem("PUBLIC KEY", made.keys().getPublic().getEncoded()));
    }

    private void tls(String name, String host, String oid) throws Exception {
        MadeCertificate made = CertificateMaker.tls(host, oid).issuedBy(root(Curve.P256));
        put("DPtls/CERT_S_SM_" + name + "_TLS_NIST.der", made.der());
        put("DPtls/SK_S_SM_" + name + "_TLS_NIST.pem", key(Curve.P256, made.keys(), false));
    }

    private byte[] expiredTls() throws Exception {
        return CertificateMaker.tls("testsmdpplus1.example.com", "2.999.10")
                .valid(START, START.plusSeconds(31_536_000))
                .issuedBy(root(Curve.P256))
                .der();
    }

    public MadeCertificate root(Curve curve) {
        return roots.get(curve);
    }

    public void put(String name, byte[] content) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    public void remove(String name) throws Exception {
        Files.delete(folder.resolve(name));
    }

    /** As openssl writes it: the block of parameters, then the key in SEC 1; its own parameters are optional. */
    public static byte[] key(Curve curve, KeyPair keys, boolean ownParameters) throws Exception {
        ASN1ObjectIdentifier oid = new ASN1ObjectIdentifier(curve.oid());
        byte[] point = curve.point((java.security.interfaces.ECPublicKey) keys.getPublic());
        byte[] sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256,
                        ((ECPrivateKey) keys.getPrivate()).getS(),
                        new DERBitString(point),
                        ownParameters ? oid : null)
                .getEncoded();
        return (new String(pem("EC PARAMETERS", oid.getEncoded()), StandardCharsets.US_ASCII)
                        + new String(pem("EC PRIVATE KEY", sec1), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
