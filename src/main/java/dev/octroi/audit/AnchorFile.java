package dev.octroi.audit;

import dev.octroi.secret.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The exported heads: one line per tenant, {@code tenant seq hash signature}, signed with Ed25519 (RFC 8032). It lies in
 * the data directory with its key beside it, out of reach of whoever can only change the database. Copy it elsewhere to
 * be safe from whoever can change both.
 */
final class AnchorFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private AnchorFile(Path file, PrivateKey privateKey, PublicKey publicKey) {
        this.file = file;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** Opens the file of a data directory; the first time makes its signing key. */
    static AnchorFile open(Path dataDirectory) throws IOException {
        Path folder = Files.createDirectories(dataDirectory.resolve("audit"), OWNER_FOLDER);
        Path keyFile = folder.resolve("signing.key");
        try {
            if (Files.notExists(keyFile)) {
                KeyPair made = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                replace(
                        keyFile,
                        base64(made.getPrivate().getEncoded()) + "\n"
                                + base64(made.getPublic().getEncoded()) + "\n");
            }
            String[] lines =
                    Files.readString(keyFile, StandardCharsets.US_ASCII).split("\n", -1);
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new AnchorFile(
                    folder.resolve("heads.txt"),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0]))),
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(lines[1]))));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(keyFile + " is no signing key", e);
        }
    }

    /**
     * The anchors by tenant.
     *
     * @throws ChangedHeadsException when a line is malformed or its signature does not hold
     */
    Map<Integer, Anchor> read() throws IOException {
        Map<Integer, Anchor> anchors = new TreeMap<>();
        if (Files.notExists(file)) {
            return anchors;
        }
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            number++;
            int cut = line.lastIndexOf(' ');
            try {
                if (cut < 0 || !verifies(line.substring(0, cut), line.substring(cut + 1))) {
                    throw new ChangedHeadsException(file + ": the signature of line " + number + " does not hold");
                }
                String[] words = line.split(" ", -1);
                int tenantId = Integer.parseInt(words[0]);
                anchors.put(
                        tenantId,
                        new Anchor(
                                tenantId,
                                Long.parseLong(words[1]),
                                HexFormat.of().parseHex(words[2])));
            } catch (GeneralSecurityException | RuntimeException e) {
                throw new ChangedHeadsException(file + ": line " + number + " cannot be read", e);
            }
        }
        return anchors;
    }

    /** Whether anything was exported yet. */
    boolean exists() {
        return Files.exists(file);
    }

    /** Replaces all anchors. */
    void write(Map<Integer, Anchor> anchors) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Anchor anchor : anchors.values()) {
            String line = anchor.tenantId() + " " + anchor.seq() + " "
                    + HexFormat.of().formatHex(anchor.hash());
            text.append(line).append(' ').append(sign(line)).append('\n');
        }
        replace(file, text.toString());
    }

    private String sign(String line) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(line.getBytes(StandardCharsets.US_ASCII));
            return base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    private boolean verifies(String line, String signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey);
        signature.update(line.getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getDecoder().decode(signed));
    }

    private static void replace(Path file, String text) throws IOException {
        WholeFile.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
