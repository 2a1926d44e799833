package dev.octroi.pki.gsma;

import dev.octroi.secret.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Reads and writes the files of the PKI. A file appears whole or not at all; only its owner can read a key. */
final class GsmaPem {
    /** An instance of our own, so that nothing is registered for the whole process. */
    static final Provider PROVIDER = new BouncyCastleProvider();

    private static final int MAX_FILE_BYTES = 1 << 20;

    private GsmaPem() {}

    static X509Certificate readCertificate(Path file) throws IOException {
        return certificate(read(file));
    }

    static X509Certificate certificate(byte[] derOrPem) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509", PROVIDER)
                    .generateCertificate(new ByteArrayInputStream(derOrPem));
        } catch (GeneralSecurityException e) {
            throw new IOException("not a certificate", e);
        }
    }

    static X509CRL readCrl(Path file) throws IOException {
        try {
            return (X509CRL)
                    CertificateFactory.getInstance("X.509", PROVIDER).generateCRL(new ByteArrayInputStream(read(file)));
        } catch (GeneralSecurityException e) {
            throw new IOException("not a certificate revocation list: " + file, e);
        }
    }

    static PrivateKey readKey(Path file) throws IOException {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        String base64 = text.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "");
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return KeyFactory.getInstance("EC", PROVIDER).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("not a private key in PKCS #8 PEM: " + file, e);
        }
    }

    static void writePem(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
        write(file, pem.getBytes(StandardCharsets.US_ASCII));
    }

    static void write(Path file, byte[] content) throws IOException {
        WholeFile.replace(file, content);
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("file too big: " + file);
        }
        return Files.readAllBytes(file);
    }
}
