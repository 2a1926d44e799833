package dev.octroi.rsp.euicc;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Reads the certificates and the key of a card from files as SGP.26 publishes them: PEM or DER. */
public final class CardFiles {
    private static final int MAX_FILE_BYTES = 1 << 20;

    private CardFiles() {}

    /**
     * Reads what a card is personalised with.
     *
     * @param ci certificate of the CI
     * @param eum certificate of the manufacturer, issued by the CI
     * @param euicc certificate of the card, issued by the manufacturer
     * @param key of the card: PEM, PKCS #8 or SEC 1
     */
    public static StoredIdentity read(Path ci, Path eum, Path euicc, Path key) throws IOException {
        return new StoredIdentity(
                base64(certificate(ci)), base64(certificate(euicc)), base64(certificate(eum)), base64(privateKey(key)));
    }

    private static byte[] certificate(Path file) throws IOException {
        byte[] bytes = bytes(file);
        if (bytes.length > 0 && bytes[0] == 0x30) {
            return new X509CertificateHolder(bytes).getEncoded();
        }
        try (PEMParser parser = parser(bytes)) {
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                if (entry instanceof X509CertificateHolder certificate) {
                    return certificate.getEncoded();
                }
            }
        }
        throw new IOException("no certificate in " + file);
    }

    private static byte[] privateKey(Path file) throws IOException {
        try (PEMParser parser = parser(bytes(file))) {
            // A SEC 1 key is preceded by the parameters of its curve.
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                if (entry instanceof PEMKeyPair pair) {
                    return pair.getPrivateKeyInfo().getEncoded();
                }
                if (entry instanceof PrivateKeyInfo info) {
                    return info.getEncoded();
                }
            }
        }
        throw new IOException("no private key in " + file);
    }

    private static PEMParser parser(byte[] bytes) {
        return new PEMParser(new StringReader(new String(bytes, StandardCharsets.US_ASCII)));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("file too big: " + file);
        }
        return Files.readAllBytes(file);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
