package dev.octroi.pki.gsma;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;

/** The files of the test PKI on one curve: what is there is kept, what is missing or has run out is made. */
final class GsmaFolder {
    private final Path folder;
    private final GsmaIssuer issuer;
    private final Instant now;
    private final String smdpOid;

    GsmaFolder(Path folder, GsmaIssuer issuer, Instant now, String smdpOid) {
        this.smdpOid = smdpOid;
        this.folder = folder;
        this.issuer = issuer;
        this.now = now;
    }

    /**
     * A certificate with its key.
     *
     * @param ci the root that must have signed it; absent for the root itself
     */
    GsmaCredential credential(
            String name, GsmaCurve curve, @Nullable GsmaCredential ci, Function<KeyPair, GsmaCredential> issue)
            throws IOException {
        Path certificateFile = folder.resolve(name + ".pem");
        Path keyFile = folder.resolve(name + ".key");
        if (Files.exists(certificateFile) && Files.exists(keyFile)) {
            X509Certificate certificate = GsmaPem.readCertificate(certificateFile);
            boolean ours = !name.startsWith("dp") || isOf(smdpOid, certificate);
            if (certificate.getNotAfter().toInstant().isAfter(now) && isSignedBy(ci, certificate) && ours) {
                return new GsmaCredential(certificate, GsmaPem.readKey(keyFile));
            }
        }
        return write(name, issue.apply(issuer.newKeyPair(curve)));
    }

    private GsmaCredential write(String name, GsmaCredential made) throws IOException {
        // The key first: a certificate without its key would look whole after a crash.
        GsmaPem.writePem(
                folder.resolve(name + ".key"), "PRIVATE KEY", made.privateKey().getEncoded());
        GsmaPem.writePem(folder.resolve(name + ".pem"), "CERTIFICATE", made.certificateDer());
        return made;
    }

    /**
     * The TLS certificate, which must carry all the names. When one is missing it is issued again with the names of
     * before as well: another process may have asked for those.
     */
    GsmaCredential tls(GsmaCredential ci, List<String> hosts, BiFunction<KeyPair, List<String>, GsmaCredential> issue)
            throws IOException {
        GsmaCredential kept = credential("dptls", GsmaCurve.P256, ci, keys -> issue.apply(keys, hosts));
        Set<String> names = hostsOf(kept.certificate());
        if (names.containsAll(hosts)) {
            return kept;
        }
        Set<String> all = new LinkedHashSet<>(hosts);
        all.addAll(names);
        return write("dptls", issue.apply(issuer.newKeyPair(GsmaCurve.P256), List.copyOf(all)));
    }

    private static Set<String> hostsOf(X509Certificate certificate) throws IOException {
        try {
            Set<String> hosts = new LinkedHashSet<>();
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0) instanceof Integer type
                        && (type == GeneralName.dNSName || type == GeneralName.iPAddress)) {
                    hosts.add(String.valueOf(name.get(1)));
                }
            }
            return hosts;
        } catch (CertificateParsingException e) {
            throw new IOException("alternative names of the TLS certificate cannot be read", e);
        }
    }

    /** Certificates of an SM-DP+ carry its object identifier; with another one they are another server's. */
    private static boolean isOf(String oid, X509Certificate certificate) throws IOException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null && names.contains(List.of(GeneralName.registeredID, oid));
        } catch (CertificateParsingException e) {
            throw new IOException("alternative names of a certificate cannot be read", e);
        }
    }

    private static boolean isSignedBy(@Nullable GsmaCredential ci, X509Certificate certificate) {
        if (ci == null) {
            return true;
        }
        try {
            certificate.verify(ci.certificate().getPublicKey(), GsmaPem.PROVIDER);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    X509CRL crl(GsmaCredential ci, Duration life) throws IOException {
        Path file = folder.resolve("ci.crl");
        List<BigInteger> revoked = List.of();
        if (Files.exists(file)) {
            X509CRL crl = GsmaPem.readCrl(file);
            boolean fresh = crl.getNextUpdate().toInstant().isAfter(now.plus(life.dividedBy(2)));
            if (fresh) {
                return crl;
            }
            revoked = GsmaCertificate.revokedSerials(crl);
        }
        GsmaPem.write(file, issuer.crl(ci, now, life, revoked));
        return GsmaPem.readCrl(file);
    }
}
