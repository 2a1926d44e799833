package dev.octroi.pki;

import dev.octroi.secret.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM (RFC 7468) in and out, by the JDK's own parsers; files appear whole or not at all. */
final class PemFile {
    private static final int MAX_BYTES = 4 << 20;
    /** First byte of every certificate and list that is not in PEM. */
    private static final byte DER_SEQUENCE = 0x30;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private PemFile() {}

    static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        for (byte[] der : blocks(pem, "CERTIFICATE")) {
            found.add((X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der)));
        }
        return List.copyOf(found);
    }

    /** One revocation list, in PEM or as authorities publish it, in DER. */
    static X509CRL crl(byte[] content) throws CertificateException, CRLException {
        if (content.length > 0 && content[0] == DER_SEQUENCE) {
            return (X509CRL) factory().generateCRL(new ByteArrayInputStream(content));
        }
        List<byte[]> blocks = blocks(content, "X509 CRL");
        if (blocks.size() != 1) {
            throw new CRLException("not one CRL but " + blocks.size());
        }
        return (X509CRL) factory().generateCRL(new ByteArrayInputStream(blocks.getFirst()));
    }

    static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
        List<byte[]> blocks = blocks(pem, "PRIVATE KEY");
        if (blocks.size() != 1) {
            throw new GeneralSecurityException("not one PKCS#8 private key but " + blocks.size());
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(blocks.getFirst());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (GeneralSecurityException notEc) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
    }

    static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large");
        }
        return Files.readAllBytes(file);
    }

    static String certificate(X509Certificate certificate) throws CertificateEncodingException {
        return block("CERTIFICATE", certificate.getEncoded());
    }

    static String block(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    /** Replaces a file that everyone may read. */
    static void writePublic(Path file, String text) throws IOException {
        WholeFile.replaceReadable(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Replaces a file that only its owner may read. */
    static void writePrivate(Path file, String text) throws IOException {
        WholeFile.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<byte[]> blocks(byte[] pem, String type) {
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            if (matcher.group(1).equals(type)) {
                found.add(Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        }
        return found;
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }
}
