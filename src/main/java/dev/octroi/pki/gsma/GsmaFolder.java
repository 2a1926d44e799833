package dev.octroi.pki.gsma;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of the test PKI on one curve: what is there is kept, what is missing or has run out is made. */
final class GsmaFolder {
    private final Path folder;
    private final GsmaIssuer issuer;
    private final Instant now;

    GsmaFolder(Path folder, GsmaIssuer issuer, Instant now) {
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
            if (certificate.getNotAfter().toInstant().isAfter(now) && isSignedBy(ci, certificate)) {
                return new GsmaCredential(certificate, GsmaPem.readKey(keyFile));
            }
        }
        GsmaCredential made = issue.apply(issuer.newKeyPair(curve));
        // The key first: a certificate without its key would look whole after a crash.
        GsmaPem.writePem(keyFile, "PRIVATE KEY", made.privateKey().getEncoded());
        GsmaPem.writePem(certificateFile, "CERTIFICATE", made.certificateDer());
        return made;
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
